// Walks the AWS SDK for Go through every operation, against the server that the environment names. Prints one
// line for each step, and ends with an error at the first that goes wrong.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func expect(holds bool, what string, values ...any) {
	if !holds {
		check(fmt.Errorf(what, values...))
	}
}

func refused(err error, code string) {
	var api smithy.APIError
	expect(errors.As(err, &api), "expected %s, got %v", code, err)
	expect(api.ErrorCode() == code, "expected %s, got %s: %s", code, api.ErrorCode(), api.ErrorMessage())
}

func step(name string) { fmt.Println("ok", name) }

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	settings := must(config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(1)))
	client := kms.NewFromConfig(settings)

	who := must(sts.NewFromConfig(settings).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}))
	expect(*who.Arn == "arn:aws:iam::"+*who.Account+":root", "the caller is %s", *who.Arn)
	step("GetCallerIdentity")

	tags := []types.Tag{{TagKey: aws.String("a"), TagValue: aws.String("b")}}
	key := must(client.CreateKey(ctx, &kms.CreateKeyInput{Description: aws.String("from Go"), Tags: tags})).KeyMetadata
	id := key.KeyId
	described := must(client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: key.Arn})).KeyMetadata
	expect(described.KeyState == types.KeyStateEnabled, "the state is %s", described.KeyState)
	pages, found := kms.NewListKeysPaginator(client, &kms.ListKeysInput{Limit: aws.Int32(3)}), false
	for pages.HasMorePages() {
		for _, item := range must(pages.NextPage(ctx)).Keys {
			found = found || *item.KeyId == *id
		}
	}
	expect(found, "the key is not listed")
	must(client.UpdateKeyDescription(ctx, &kms.UpdateKeyDescriptionInput{KeyId: id, Description: aws.String("d")}))
	step("CreateKey, DescribeKey, ListKeys, UpdateKeyDescription")

	alias := aws.String("alias/go/" + *id)
	must(client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: alias, TargetKeyId: id}))
	must(client.UpdateAlias(ctx, &kms.UpdateAliasInput{AliasName: alias, TargetKeyId: id}))
	aliases := must(client.ListAliases(ctx, &kms.ListAliasesInput{KeyId: id})).Aliases
	expect(len(aliases) == 1 && *aliases[0].AliasName == *alias, "the aliases are %v", aliases)
	must(client.TagResource(ctx, &kms.TagResourceInput{KeyId: id, Tags: tags}))
	must(client.UntagResource(ctx, &kms.UntagResourceInput{KeyId: id, TagKeys: []string{"a"}}))
	left := must(client.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: id})).Tags
	expect(len(left) == 0, "the tags are %v", left)
	step("CreateAlias, UpdateAlias, ListAliases, TagResource, UntagResource, ListResourceTags")

	policy := must(client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: id})).Policy
	must(client.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: id, Policy: policy}))
	names := must(client.ListKeyPolicies(ctx, &kms.ListKeyPoliciesInput{KeyId: id})).PolicyNames
	expect(len(names) == 1 && names[0] == "default", "the policies are %v", names)
	step("GetKeyPolicy, PutKeyPolicy, ListKeyPolicies")

	bound := map[string]string{"tenant": "7", "é": "鍵"}
	sealed := must(client.Encrypt(ctx, &kms.EncryptInput{KeyId: alias, Plaintext: []byte("plain"), EncryptionContext: bound}))
	opened := must(client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: bound}))
	expect(bytes.Equal(opened.Plaintext, []byte("plain")), "it opened to %q", opened.Plaintext)
	moved := must(client.ReEncrypt(ctx, &kms.ReEncryptInput{CiphertextBlob: sealed.CiphertextBlob, SourceEncryptionContext: bound, DestinationKeyId: id}))
	opened = must(client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: moved.CiphertextBlob}))
	expect(bytes.Equal(opened.Plaintext, []byte("plain")), "it opened to %q", opened.Plaintext)
	data := must(client.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: id, KeySpec: types.DataKeySpecAes256}))
	opened = must(client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: data.CiphertextBlob}))
	expect(bytes.Equal(opened.Plaintext, data.Plaintext), "the data key opened to something else")
	must(client.GenerateDataKeyWithoutPlaintext(ctx, &kms.GenerateDataKeyWithoutPlaintextInput{KeyId: id, NumberOfBytes: aws.Int32(9)}))
	random := must(client.GenerateRandom(ctx, &kms.GenerateRandomInput{NumberOfBytes: aws.Int32(33)})).Plaintext
	expect(len(random) == 33, "there are %d random bytes", len(random))
	_, err := client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob})
	refused(err, "InvalidCiphertextException")
	_, err = client.Encrypt(ctx, &kms.EncryptInput{KeyId: id, Plaintext: []byte("x"), DryRun: aws.Bool(true)})
	refused(err, "DryRunOperationException")
	_, err = client.Encrypt(ctx, &kms.EncryptInput{KeyId: aws.String("alias/none"), Plaintext: []byte("x")})
	refused(err, "NotFoundException")
	_, err = client.Encrypt(ctx, &kms.EncryptInput{KeyId: id, Plaintext: make([]byte, 4097)})
	refused(err, "ValidationException")
	step("Encrypt, Decrypt, ReEncrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateRandom")

	must(client.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: id, RotationPeriodInDays: aws.Int32(90)}))
	status := must(client.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: id}))
	expect(status.KeyRotationEnabled && *status.RotationPeriodInDays == 90, "the rotation is %v", status)
	must(client.RotateKeyOnDemand(ctx, &kms.RotateKeyOnDemandInput{KeyId: id}))
	rotations := must(client.ListKeyRotations(ctx, &kms.ListKeyRotationsInput{KeyId: id})).Rotations
	expect(len(rotations) == 1, "the rotations are %v", rotations)
	must(client.DisableKeyRotation(ctx, &kms.DisableKeyRotationInput{KeyId: id}))
	step("EnableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand, ListKeyRotations, DisableKeyRotation")

	must(client.DisableKey(ctx, &kms.DisableKeyInput{KeyId: id}))
	_, err = client.Encrypt(ctx, &kms.EncryptInput{KeyId: id, Plaintext: []byte("x")})
	refused(err, "DisabledException")
	must(client.EnableKey(ctx, &kms.EnableKeyInput{KeyId: id}))
	must(client.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: alias}))
	doomed := must(client.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: id, PendingWindowInDays: aws.Int32(7)}))
	expect(doomed.KeyState == types.KeyStatePendingDeletion && doomed.DeletionDate.After(time.Now()), "it is %v", doomed)
	_, err = client.Encrypt(ctx, &kms.EncryptInput{KeyId: id, Plaintext: []byte("x")})
	refused(err, "KMSInvalidStateException")
	must(client.CancelKeyDeletion(ctx, &kms.CancelKeyDeletionInput{KeyId: id}))
	step("DisableKey, EnableKey, DeleteAlias, ScheduleKeyDeletion, CancelKeyDeletion")
}
