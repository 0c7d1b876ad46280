"""Pasted texts that quote another object than the one that they were found on, or are pasted without its kind."""

import json

import pytest
from front_door import Flux

WAIT = "Source artifact not found, retrying in 30s\n"
HEALTH = "health check failed after 30s: timeout waiting for: [HelmRelease/apps/web status: 'InProgress']\n"
CHART = "HelmChart 'apps/apps-web' is not ready: "
INDEX = "failed to load Helm repository from index YAML: "
CASES = [
    ("Kustomization", WAIT + "failed to confirm existence of 'b' bucket: Access Denied.", "bucket-access-denied"),
    ("Kustomization", WAIT + "failed to configure proxy options: secret 'apps/proxy': key 'address' not found", "secret-not-found"),
    ("Kustomization", WAIT + "failed to determine the artifact tag for 'oci://r/apps': odd", "oci-artifact-not-found"),
    ("Kustomization", WAIT + "failed to parse url 'git@h:r': first path segment in URL cannot contain colon", "git-repo-incompatible"),
    ("Kustomization", HEALTH + "Helm install failed for release apps/web with chart web@1: execution error at (web/templates/x.yaml:2:4): x", "template-render-error"),
    ("Kustomization", HEALTH + "could not resolve Secret chart values reference 'apps/v' with key 'values.yaml': secrets \"v\" not found", "values-invalid"),
    ("Kustomization", HEALTH + "Helm install failed for release apps/web with chart web@1: context deadline exceeded", "workload-not-ready"),
    ("Kustomization", HEALTH + 'chart pull error: failed to download chart for remote reference: Get "https://h/web.tgz": dial tcp 1.2.3.4:443: i/o timeout', "network-blocked"),
    ("Kustomization", HEALTH + 'Failed to pull image "x:none": not found', "workload-image-pull"),
    ("HelmRelease", CHART + INDEX + "error converting YAML to JSON: yaml: line 5: mapping values are not allowed in this context", "helm-repo-unreachable"),
    ("HelmRelease", CHART + "no artifact available\nfailed to configure authentication options: unknown transport 'git'", "git-repo-incompatible"),
    ("HelmRelease", "OCIRepository 'apps/web' is not ready: URL validation failed for 'https://r/apps': x", "oci-artifact-invalid"),
    ("ImageUpdateAutomation", "signature verification of commit 'abc' failed: unable to verify Git commit: empty signature", "signature-verification-failed"),
    ("ImagePolicy", "no tags in database\nscan failed: GET https://r/v2/x/tags/list: unexpected status code 401 Unauthorized", "image-scan-failed"),
    ("GitRepository", "failed to checkout and determine revision: unable to clone 'https://h/chart': authentication required", "git-auth-failed"),
    ("", "failed to fetch Helm repository index: failed to cache index to temporary file: stream error: stream ID 1; INTERNAL_ERROR", "helm-repo-unreachable"),
    ("", "kustomize build failed: map[string]interface {}(nil): yaml: unmarshal errors:\n  line 5: mapping key already defined", "kustomize-build-error"),
    ("", "Helm upgrade failed for release a/b with chart c@1: error while running post render on files: no matches for Id x; failed to find unique target for patch", "template-render-error"),
    ("", "decryption failed for 'db': cannot get sops data key: arn:aws:kms:eu: FAILED - AccessDeniedException", "sops-decryption-failed"),
    ("", '{"level":"error","msg":"Reconciliation failed","controllerKind":"Kustomization","name":"apps","namespace":"a","error":"secrets \\"keys\\" not found"}', "sops-decryption-failed"),
    ("", 'Failed to pull image "r/x:1": failed to resolve reference: Head "https://r/v2/x/manifests/1": x509: certificate signed by unknown authority', "workload-image-pull"),
    ("", 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found', "workload-config-missing"),
    ("", "failed to send notification for Kustomization/apps/apps: postMessage failed: request failed with status code 404, no_team", "notification-provider-error"),
    ("", "invalid policy: failed to parse semver range: improper constraint: 1.x.y.z", "image-policy-no-match"),
    ("", "unable to read token from secret 'apps/token' error: secrets \"token\" not found", "secret-not-found"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "code"), CASES, ids=[f"{kind or 'unknown'}-{i}" for i, (kind, _, _) in enumerate(CASES)]
)
def test_the_quoted_object_decides(flux: Flux, kind: str, text: str, code: str) -> None:
    got = flux("explain", *(["--kind", kind] if kind else []), "-o", "json", stdin=text)
    assert json.loads(got.out)["causes"][0]["code"] == code


def test_the_words_name_the_quoted_object_and_no_consequence(flux: Flux) -> None:
    got = flux("explain --kind Kustomization", stdin=WAIT + "failed to confirm existence of 'b' bucket: Access Denied.")
    assert (
        got.out
        == """\
bucket-access-denied

The object store refuses the credentials that Bucket NAMESPACE/NAME uses, or their right to list and read the bucket.

Next
  kubectl edit bucket NAME -n NAMESPACE # secretRef, or provider: aws|azure|gcp
  aws s3 ls s3://BUCKET --endpoint-url URL # with the same keys
  flux reconcile source bucket NAME -n NAMESPACE
"""
    )


def test_what_is_waited_for_is_the_object_that_the_text_names(flux: Flux) -> None:
    waits = {
        "no artifact available for GitRepository source 'apps'": ("HelmChart NAMESPACE/NAME", "GitRepository NAMESPACE/apps"),
        "HelmChart 'infra/apps-web' is not ready": ("HelmRelease NAMESPACE/NAME", "HelmChart infra/apps-web"),
        "get sources failed: source 'Bucket/a/b' is not ready": ("ArtifactGenerator NAMESPACE/NAME", "Bucket a/b"),
    }
    for text, (who, what) in waits.items():
        got = flux("explain", text)
        assert f"{who} waits for its source, {what}, which has nothing to give yet." in got.out
    unnamed = flux("explain", "Source artifact not found, retrying in 30s")
    assert "Kustomization NAMESPACE/NAME waits for its source, which has nothing to give yet." in unnamed.out
