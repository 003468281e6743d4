// Walks the AWS SDK for JavaScript through every operation, against the server that the environment names.
// Prints one line for each step, and ends with an error at the first that goes wrong.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as kms from "@aws-sdk/client-kms";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const client = new kms.KMSClient({ maxAttempts: 1 });
const send = (name, input) => client.send(new kms[`${name}Command`](input));
const bytes = (text) => new TextEncoder().encode(text);
const step = (name) => console.log(`ok ${name}`);

async function refused(name, input, expected) {
  await assert.rejects(send(name, input), (error) => {
    assert.equal(error.name, expected);
    assert.ok(error.$metadata.httpStatusCode >= 400 && error.$metadata.httpStatusCode < 500);
    assert.ok(error.$metadata.requestId);
    return true;
  });
}

const who = await new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand({}));
assert.equal(who.Arn, `arn:aws:iam::${who.Account}:root`);
step("GetCallerIdentity");

const { KeyMetadata: key } = await send("CreateKey", { Description: "from Node.js", Tags: [{ TagKey: "a", TagValue: "b" }] });
const KeyId = key.KeyId;
assert.equal((await send("DescribeKey", { KeyId: key.Arn })).KeyMetadata.KeyState, "Enabled");
let seen = [];
for await (const page of kms.paginateListKeys({ client, pageSize: 3 }, {})) seen.push(...page.Keys.map((item) => item.KeyId));
assert.ok(seen.includes(KeyId) && new Set(seen).size === seen.length);
await send("UpdateKeyDescription", { KeyId, Description: "schlüssel 鍵" });
assert.equal((await send("DescribeKey", { KeyId })).KeyMetadata.Description, "schlüssel 鍵");
step("CreateKey, DescribeKey, ListKeys, UpdateKeyDescription");

const AliasName = `alias/node/${randomUUID()}`;
await send("CreateAlias", { AliasName, TargetKeyId: KeyId });
await send("UpdateAlias", { AliasName, TargetKeyId: KeyId });
assert.deepEqual((await send("ListAliases", { KeyId })).Aliases.map((item) => item.AliasName), [AliasName]);
await send("TagResource", { KeyId, Tags: [{ TagKey: "c", TagValue: "d" }] });
assert.equal((await send("ListResourceTags", { KeyId })).Tags.length, 2);
await send("UntagResource", { KeyId, TagKeys: ["a"] });
step("CreateAlias, UpdateAlias, ListAliases, TagResource, ListResourceTags, UntagResource");

const { Policy } = await send("GetKeyPolicy", { KeyId });
await send("PutKeyPolicy", { KeyId, Policy });
assert.deepEqual((await send("ListKeyPolicies", { KeyId })).PolicyNames, ["default"]);
step("GetKeyPolicy, PutKeyPolicy, ListKeyPolicies");

const EncryptionContext = { tenant: "7", "é": "鍵" };
const sealed = await send("Encrypt", { KeyId: AliasName, Plaintext: bytes("plain"), EncryptionContext });
const opened = await send("Decrypt", { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext });
assert.deepEqual(opened.Plaintext, bytes("plain"));
const moved = await send("ReEncrypt", { CiphertextBlob: sealed.CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: KeyId });
assert.deepEqual((await send("Decrypt", { CiphertextBlob: moved.CiphertextBlob })).Plaintext, bytes("plain"));
const dataKey = await send("GenerateDataKey", { KeyId, KeySpec: "AES_256" });
assert.deepEqual((await send("Decrypt", { CiphertextBlob: dataKey.CiphertextBlob })).Plaintext, dataKey.Plaintext);
assert.equal((await send("GenerateDataKeyWithoutPlaintext", { KeyId, NumberOfBytes: 9 })).Plaintext, undefined);
assert.equal((await send("GenerateRandom", { NumberOfBytes: 33 })).Plaintext.length, 33);
await refused("Decrypt", { CiphertextBlob: sealed.CiphertextBlob }, "InvalidCiphertextException");
await refused("Encrypt", { KeyId, Plaintext: bytes("x"), DryRun: true }, "DryRunOperationException");
await refused("Encrypt", { KeyId: "alias/none", Plaintext: bytes("x") }, "NotFoundException");
await refused("Encrypt", { KeyId, Plaintext: new Uint8Array(4097) }, "ValidationException");
step("Encrypt, Decrypt, ReEncrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateRandom");

await send("EnableKeyRotation", { KeyId, RotationPeriodInDays: 90 });
assert.equal((await send("GetKeyRotationStatus", { KeyId })).RotationPeriodInDays, 90);
await send("RotateKeyOnDemand", { KeyId });
assert.equal((await send("ListKeyRotations", { KeyId })).Rotations.length, 1);
await send("DisableKeyRotation", { KeyId });
step("EnableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand, ListKeyRotations, DisableKeyRotation");

await send("DisableKey", { KeyId });
await refused("Encrypt", { KeyId, Plaintext: bytes("x") }, "DisabledException");
await send("EnableKey", { KeyId });
await send("DeleteAlias", { AliasName });
const doomed = await send("ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 });
assert.equal(doomed.KeyState, "PendingDeletion");
assert.ok(doomed.DeletionDate instanceof Date);
await refused("Encrypt", { KeyId, Plaintext: bytes("x") }, "KMSInvalidStateException");
await send("CancelKeyDeletion", { KeyId });
step("DisableKey, EnableKey, DeleteAlias, ScheduleKeyDeletion, CancelKeyDeletion");
