"""Encrypted files: keys that are absent or wrong, files that were changed, decryption that is off."""

from flux_cli.diagnosis.rules._model import DECISIVE, SPECIFIC, Example, Rule
from flux_cli.diagnosis.rules.render import KS

# fmt: off
RULES = (
    Rule(
        "decryption-secret", "sops-decryption-failed",
        (
            "cannot get sops decryption secret", "decryption secret error", "failed to import",
            'sops-age" not found', 'sops-gpg" not found', "sops decryption secret",
            "no identity matched any of the recipients", "failed to load age identities", "malformed secret key",
            "failed to parse and add to age identities", "private key … not found", "could not decrypt … pgp",
            "no key could decrypt", "failed to import armored key", "vault token",
        ),
        ("sops-secret", "decryption-secret", "self"),
        "The decryption key in {root} is absent, malformed or not the one that the files were encrypted for.",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys  # "
            "wants NAME.agekey or NAME.asc",
            "grep -h recipient: -r {path}  # for whom the files are encrypted",
            "cat age.agekey | kubectl create secret generic {root_name} -n {root_namespace} "
            "--from-file=age.agekey=/dev/stdin",
        ),
        (
            Example("Kustomization", "failed to import 'age.agekey' data from sops decryption Secret "
                                  "'apps/sops-age': failed to parse and add to age identities: malformed "
                                  "secret key: invalid checksum", "BuildFailed"),
            Example("Kustomization", 'cannot get sops decryption Secret \'apps/sops-age\': secrets "sops-age" '
                                  "not found"),
            Example("Kustomization", 'decryption secret error: Secret "sops-age" not found'),
            Example("Kustomization", "decryption failed for 'x': cannot get sops data key: Failed to get "
                                  "the data key required to decrypt the SOPS file.\n  age1x: FAILED - no "
                                  "identity matched any of the recipients"),
        ),
        captures=("sops_secret",), rank=DECISIVE + 3,
    ),
    Rule(
        "decryption-secret-absent", "sops-decryption-failed",
        ('secrets "…" not found',),
        ("named-secret", "decryption-secret", "self"),
        "{object} decrypts with the keys in a Secret[, {other},] that does not exist in its namespace.",
        (
            "cat age.agekey | kubectl create secret generic {root_name} -n {root_namespace} "
            "--from-file=age.agekey=/dev/stdin",
            "kubectl edit kustomization {name} -n {namespace}  # spec.decryption.secretRef",
        ),
        (
            Example("Kustomization", 'secrets "keys" not found', "BuildFailed"),
        ),
        kinds=KS,
        unless=(
            "kubeconfig", "substitute from", "dry-run", "apply failed", "delete failed", "health check", "notification",
            "failed to get", "helm", "source", "is forbidden", "sops", "decryption", "pod",
        ),
        captures=("secret",), rank=SPECIFIC + 10,
    ),
    Rule(
        "encrypted-file", "sops-decryption-failed",
        (
            "mac mismatch", "message authentication code", "expected mac", "sops data integrity",
            "sops metadata not found", "error unmarshalling", "data integrity check",
        ),
        ("manifest",),
        "An encrypted file of {root} was changed after its encryption, or is not a SOPS file.",
        ("sops updatekeys FILE", "sops --decrypt FILE"),
        (
            Example("Kustomization", "decryption failed for 'Secret.v1.[noGrp]/x': failed to verify sops "
                                  "data integrity: expected mac 'A', got 'B': MAC mismatch", "BuildFailed"),
        ),
        kinds=KS, rank=DECISIVE + 4,
    ),
    Rule(
        "decryption-off", "sops-decryption-failed",
        (
            "configuring decryption is required", "is sops encrypted", "decryption provider … not supported",
            "unsupported decryption provider", "decryption provider",
        ),
        ("self",),
        "The files are encrypted with SOPS, and {object} has no spec.decryption to read them.",
        (
            "kubectl edit kustomization {name} -n {namespace}  # decryption: {{provider: sops, "
            "secretRef: {{name: sops-age}}}}",
            "flux reconcile kustomization {name} -n {namespace}",
        ),
        (
            Example("Kustomization", "Secret/apps/enc is SOPS encrypted, configuring decryption is required "
                                  "for this secret to be reconciled", "ReconciliationFailed"),
        ),
        kinds=KS, rank=DECISIVE + 2,
    ),
    Rule(
        "ciphertext", "sops-decryption-failed",
        (),
        ("self",),
        "The Secret in the cluster holds ciphertext: {object} applied an encrypted file without decrypting it.",
        (
            "kubectl edit kustomization {name} -n {namespace}  # decryption: {{provider: sops, "
            "secretRef: {{name: sops-age}}}}",
            "flux reconcile kustomization {name} -n {namespace}",
        ),
        (Example("Kustomization", "Secret/apps/enc", state="ciphertext"),),
        states=("ciphertext",), rank=SPECIFIC,
    ),
    Rule(
        "data-key", "sops-decryption-failed",
        (
            "cannot get sops data key", "failed to get the data key required to decrypt", "error getting data key",
            "0 successful groups required",
        ),
        ("decryption-secret", "decryption-account", "self"),
        "{object} cannot get the key that its files are encrypted with: the key service, the vault or the keys that it has refuse it.",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys",
            "grep -rhE '(recipient|arn|resource_id|vault_url|fp):' {path}  # with which key the files are encrypted",
            "kubectl get kustomization {name} -n {namespace} -o jsonpath='{{.spec.decryption}}'  # secretRef, serviceAccountName",
        ),
        (
            Example("Kustomization", "decryption failed for 'web': cannot get sops data key: Failed to get the data key required to "
                                  "decrypt the SOPS file.\n\nGroup 0: FAILED\n  https://v.vault.azure.net/keys/sops/1: FAILED\n    - | "
                                  "failed to decrypt sops data key with Azure Key Vault key: DefaultAzureCredential: failed to acquire a token", "BuildFailed"),
            Example("Kustomization", "decryption failed for 'web': cannot get sops data key: Failed to get the data key required to "
                                  "decrypt the SOPS file.\n\nGroup 0: FAILED\n  http://vault:8200/v1/sops/keys/x: FAILED\n    - | Get "
                                  '"http://vault:8200/v1/sops": dial tcp: lookup vault on 10.96.0.10:53: no such host', "BuildFailed"),
        ),
        kinds=KS, rank=DECISIVE,
    ),
    Rule(
        "decryption", "sops-decryption-failed",
        (
            "gpg: decryption failed", "no secret key", "no master key", "failed to call decrypt", "kms",
            "unable to decrypt", "decryption failed for", "error decrypting",
            "failed to decrypt", "accessdeniedexception … kms", "sops", "vault configmap", "vault login path",
        ),
        ("decryption-secret", "self"),
        "{object} cannot decrypt its files with the keys that it has.",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys",
            "sops --decrypt FILE",
        ),
        (
            Example("Kustomization", "error decrypting sources: failed to decrypt '.env.enc': gpg: decryption failed: No secret key", "BuildFailed"),
        ),
        kinds=KS, unless=("failed to unmarshal kustomization file",), rank=SPECIFIC,
    ),
)
