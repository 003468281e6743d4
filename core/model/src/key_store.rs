//! Custom key stores: places outside the house where keys are held.

use std::fmt;

use crate::key::spelled;

spelled! {
    /// What a custom key store is backed by.
    CustomKeyStoreType {
        /// A hardware security module.
        AwsCloudHsm = 1 "AWS_CLOUDHSM",
        /// Somebody else's key manager, through its proxy.
        ExternalKeyStore = 2 "EXTERNAL_KEY_STORE",
    }
}

spelled! {
    /// How a proxy is reached.
    ProxyConnectivity {
        /// At its address.
        PublicEndpoint = 1 "PUBLIC_ENDPOINT",
        /// Through an endpoint service of a virtual network.
        VpcEndpointService = 2 "VPC_ENDPOINT_SERVICE",
    }
}

spelled! {
    /// Whether a custom key store can be used.
    ConnectionState {
        /// Its keys can be used.
        Connected = 1 "CONNECTED",
        /// It is being connected.
        Connecting = 2 "CONNECTING",
        /// The last attempt to connect failed.
        Failed = 3 "FAILED",
        /// Never connected, or disconnected by its owner.
        Disconnected = 4 "DISCONNECTED",
        /// It is being disconnected.
        Disconnecting = 5 "DISCONNECTING",
    }
}

spelled! {
    /// Why an attempt to connect failed.
    ConnectionErrorCode {
        /// The proxy does not know the credential.
        InvalidCredentials = 1 "INVALID_CREDENTIALS",
        /// The network does not let it through.
        NetworkErrors = 2 "NETWORK_ERRORS",
        /// The server failed.
        InternalError = 3 "INTERNAL_ERROR",
        /// The proxy denies access.
        XksProxyAccessDenied = 4 "XKS_PROXY_ACCESS_DENIED",
        /// The proxy, or everything behind it, cannot be reached.
        XksProxyNotReachable = 5 "XKS_PROXY_NOT_REACHABLE",
        /// The proxy's answer cannot be understood.
        XksProxyInvalidResponse = 6 "XKS_PROXY_INVALID_RESPONSE",
        /// The proxy has nothing at the path, or this server may not speak to its host.
        XksProxyInvalidConfiguration = 7 "XKS_PROXY_INVALID_CONFIGURATION",
        /// The proxy does not answer in time.
        XksProxyTimedOut = 8 "XKS_PROXY_TIMED_OUT",
        /// No TLS connection can be made.
        XksProxyInvalidTlsConfiguration = 9 "XKS_PROXY_INVALID_TLS_CONFIGURATION",
        /// There is no such endpoint service.
        XksVpcEndpointServiceNotFound = 10 "XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND",
        /// There is no such cluster.
        ClusterNotFound = 11 "CLUSTER_NOT_FOUND",
    }
}

spelled! {
    /// What is wrong with a custom key store, or with a key in one.
    KeyStoreFault {
        /// No such store.
        NotFound = 1 "CustomKeyStoreNotFound",
        /// The store's connection state forbids it.
        InvalidState = 2 "CustomKeyStoreInvalidState",
        /// Another store has that name.
        NameInUse = 3 "CustomKeyStoreNameInUse",
        /// The store has keys.
        HasKeys = 4 "CustomKeyStoreHasCMKs",
        /// Another store has that cluster.
        ClusterInUse = 5 "CloudHsmClusterInUse",
        /// No such cluster.
        ClusterNotFound = 6 "CloudHsmClusterNotFound",
        /// The cluster cannot be used.
        ClusterNotActive = 7 "CloudHsmClusterNotActive",
        /// Not a sibling of the store's cluster.
        ClusterNotRelated = 8 "CloudHsmClusterNotRelated",
        /// The cluster lacks something.
        ClusterInvalidConfiguration = 9 "CloudHsmClusterInvalidConfiguration",
        /// The certificate is not the cluster's.
        IncorrectTrustAnchor = 10 "IncorrectTrustAnchor",
        /// The external key manager has no such key.
        KeyNotFound = 11 "XksKeyNotFound",
        /// Another key of the store is tied to that external key.
        KeyInUse = 12 "XksKeyAlreadyInUse",
        /// The external key is of the wrong kind.
        KeyInvalidConfiguration = 13 "XksKeyInvalidConfiguration",
        /// Another store has that address and path.
        UriInUse = 14 "XksProxyUriInUse",
        /// Another store has that address in a way that excludes this one.
        UriEndpointInUse = 15 "XksProxyUriEndpointInUse",
        /// The proxy cannot be reached.
        UriUnreachable = 16 "XksProxyUriUnreachable",
        /// The proxy does not know the credential.
        IncorrectCredential = 17 "XksProxyIncorrectAuthenticationCredential",
        /// The proxy's answer cannot be understood.
        InvalidResponse = 18 "XksProxyInvalidResponse",
        /// The proxy, or this server, is not set up for it.
        InvalidConfiguration = 19 "XksProxyInvalidConfiguration",
        /// Another store has that endpoint service.
        VpcEndpointServiceInUse = 20 "XksProxyVpcEndpointServiceInUse",
        /// No such endpoint service.
        VpcEndpointServiceNotFound = 21 "XksProxyVpcEndpointServiceNotFound",
        /// The endpoint service lacks something.
        VpcEndpointServiceInvalidConfiguration = 22 "XksProxyVpcEndpointServiceInvalidConfiguration",
        /// A key in a store could not be used; the text says why.
        KeyUnusable = 23 "ExternalKeyUnusable",
    }
}
