"""Custom key stores for tests, all behind one proxy that serves each of them at a path of its own."""

import re
import time
import uuid

from .xks_proxy import Proxy, Refusal

HOST = "xks.test"
#: A host that the server may speak to, and where nobody listens.
SILENT = "silent.test"
ACCESS_KEY = "ABCDEFGHIJKLMNOPQRST"
PATH = re.compile(r"/(?P<fault>[A-Za-z-]+)/[0-9a-f]{32}/kms/xks/v1/(?P<below>.+)")
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


class Proxies(Proxy):
    """A path begins with what the proxy does wrong there, `/none/…` with nothing, so that stores do not disturb each other."""

    @property
    def flags(self):
        """What the server has to be told to find it."""
        return ("--xks-proxy", f"{HOST}=http://127.0.0.1:{self.port}", "--xks-proxy", f"{SILENT}=http://127.0.0.1:1")

    def fault_of(self, path, operation):
        found = PATH.fullmatch(path)
        return found and found["fault"].replace("-", " ")

    def below(self, path):
        found = PATH.fullmatch(path)
        if not found:
            raise Refusal("InvalidUriPathException")
        return found["below"]


class Stores:
    """Custom key stores behind the proxy. An account may have ten; those that only tests of making them left are taken away."""

    def __init__(self, kms, proxy):
        self.kms = kms
        self.proxy = proxy
        self.kept = None

    def create_request(self, fault="none", **more):
        self.tidy()
        return {
            "CustomKeyStoreName": uuid.uuid4().hex, "CustomKeyStoreType": "EXTERNAL_KEY_STORE", "XksProxyConnectivity": "PUBLIC_ENDPOINT",
            "XksProxyUriEndpoint": f"https://{HOST}", "XksProxyUriPath": f"/{fault}/{uuid.uuid4().hex}/kms/xks/v1",
            "XksProxyAuthenticationCredential": {"AccessKeyId": ACCESS_KEY, "RawSecretAccessKey": self.proxy.credentials[ACCESS_KEY]},
        } | more

    def tidy(self):
        """Makes room: takes away every store but the one with keys."""
        stores = self.kms.describe_custom_key_stores()["CustomKeyStores"]
        for store in stores if len(stores) > 7 else []:
            name = store["CustomKeyStoreId"]
            if name != self.kept:
                if store["ConnectionState"] != "DISCONNECTED":
                    self.kms.disconnect_custom_key_store(CustomKeyStoreId=name)
                    self.settled(name, "DISCONNECTED")
                try:
                    self.kms.delete_custom_key_store(CustomKeyStoreId=name)
                except self.kms.exceptions.CustomKeyStoreHasCMKsException:
                    pass

    def hardware_request(self, cluster="cluster-" + "a" * 11, **more):
        """What CreateCustomKeyStore is given for a store in hardware."""
        return {
            "CustomKeyStoreName": uuid.uuid4().hex, "CustomKeyStoreType": "AWS_CLOUDHSM", "CloudHsmClusterId": cluster,
            "TrustAnchorCertificate": PEM, "KeyStorePassword": "kmsPswd",
        } | more

    def settled(self, store, state):
        """Waits until the store is in a connection state."""
        for _ in range(100):
            found = self.kms.describe_custom_key_stores(CustomKeyStoreId=store)["CustomKeyStores"][0]["ConnectionState"]
            if found == state:
                return store
            time.sleep(0.05)
        raise AssertionError(f"the store is {found}, not {state}")

    def disconnected(self, **more):
        return self.kms.create_custom_key_store(**self.create_request(**more))["CustomKeyStoreId"]

    def connected(self, **more):
        store = self.disconnected(**more)
        self.kms.connect_custom_key_store(CustomKeyStoreId=store)
        return self.settled(store, "CONNECTED")

    def store(self):
        """The store that keeps its keys, connected."""
        if self.kept is None:
            self.kept = self.connected()
        found = self.kms.describe_custom_key_stores(CustomKeyStoreId=self.kept)["CustomKeyStores"][0]["ConnectionState"]
        if found != "CONNECTED":
            self.kms.connect_custom_key_store(CustomKeyStoreId=self.kept)
            self.settled(self.kept, "CONNECTED")
        return self.kept

    def key_request(self, **more):
        """What CreateKey is given for a key in the store that is kept."""
        return {"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": self.store(), "XksKeyId": self.proxy.new_key(uuid.uuid4().hex)} | more

    def key(self):
        """A fresh key in a connected store."""
        return self.kms.create_key(**self.key_request())["KeyMetadata"]["KeyId"]

    def disconnect(self, key):
        store = self.kms.describe_key(KeyId=key)["KeyMetadata"]["CustomKeyStoreId"]
        self.kms.disconnect_custom_key_store(CustomKeyStoreId=store)
        self.settled(store, "DISCONNECTED")
