"""Failures as the controllers show them: who is asked about, what the cause is, what has to change."""

from typing import Any, NamedTuple

from diagnosis.world import (
    Object,
    by,
    chart,
    condition,
    deployment,
    event,
    failing,
    hr,
    inventory,
    ks,
    made,
    pod,
    ready,
    waiting,
)  # fmt: skip


class Scenario(NamedTuple):
    symptom: str
    code: str
    root: str
    objects: list[Object]
    logs: dict[str, str] = {}  # noqa: RUF012
    also: str = ""  # "code Kind/namespace/name" of a cause that comes after the first


GIT = ready("GitRepository", "apps", spec={"url": "https://git.example.com/apps.git"})
REPO = ready("HelmRepository", "charts", spec={"url": "https://charts.example.com"})
WAITS = "health check failed after 30.01s: timeout waiting for: [Deployment/apps/web status: 'InProgress']"
INSTALL = "Helm install failed for release apps/web with chart web@1.0.0: "
AUTH = "failed to checkout and determine revision: unable to clone 'https://h/r': authentication required: "
NO_ARTIFACT = "Source artifact not found, retrying in 30s"


def git(message: str, reason: str = "GitOperationFailed", **spec: Any) -> list[Object]:
    """A failing GitRepository and the Kustomization that waits for it."""
    more = (condition("FetchFailed", "True", reason, message),)
    spec = {"url": "https://git.example.com/apps.git"} | spec
    return [failing("GitRepository", "apps", reason, message, more=more, spec=spec), ks("apps", "ArtifactFailed", NO_ARTIFACT)]


def source(kind: str, message: str, reason: str, **spec: Any) -> list[Object]:
    """A failing source of any kind and the Kustomization that waits for it."""
    return [
        failing(kind, "src", reason, message, spec={"url": "oci://r.example.com/apps"} | spec),
        ks("apps", "ArtifactFailed", NO_ARTIFACT, source=f"{kind}/src"),
    ]


def charted(chart_: Object, *more: Object) -> list[Object]:
    message = chart_["status"]["conditions"][0]["message"]
    return [hr("web", "SourceNotReady", f"HelmChart 'apps/apps-web' is not ready: {message}"), chart_, *more]


def applied(message: str, reason: str = "ReconciliationFailed", **spec: Any) -> list[Object]:
    return [GIT, ks("apps", reason, message, **spec)]


def released(message: str, **spec: Any) -> list[Object]:
    more = (
        condition("Released", "False", "InstallFailed", INSTALL + message),
        condition("Stalled", "True", "RetriesExceeded", "Failed to install after 1 attempt(s)"),
    )
    return [REPO, chart(), hr("web", "InstallFailed", INSTALL + message, more=more, **spec)]


def rolled_out(workload: Object, *more: Object, kind: str = "Deployment") -> list[Object]:
    """A Kustomization whose health check waits for a workload."""
    name = workload["metadata"]["name"]
    group = {"Deployment": "apps", "StatefulSet": "apps", "DaemonSet": "apps", "Job": "batch"}.get(kind, "")
    message = f"health check failed after 30.01s: timeout waiting for: [{kind}/apps/{name} status: 'InProgress']"
    return [GIT, ks("apps", "HealthCheckFailed", message, status=inventory(f"apps_{name}_{group}_{kind}")), workload, *more]


WEB = deployment()
STATEFUL = made(
    "StatefulSet",
    "db",
    spec={"replicas": 1, "selector": {"matchLabels": {"app": "db"}}},
    status={"replicas": 1, "readyReplicas": 0},
)
DAEMON = made(
    "DaemonSet",
    "agent",
    spec={"selector": {"matchLabels": {"app": "agent"}}},
    status={"desiredNumberScheduled": 1, "numberReady": 0},
)
JOB = made(
    "Job",
    "load",
    spec={"backoffLimit": 1},
    status={
        "failed": 2,
        "conditions": [condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit")],
    },
)
HOOK = made(
    "Job",
    "web-migrate",
    annotations={"helm.sh/hook": "pre-install"},
    labels=by("HelmRelease", "web"),
    spec={},
    status={"failed": 1},
)
CLAIM = made("PersistentVolumeClaim", "data-db-0", spec={"storageClassName": "fast"}, status={"phase": "Pending"})
ENDED = {
    "state": {"terminated": {"reason": "OOMKilled", "exitCode": 137}},
    "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}},
}
LOOP = waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=main") | {
    "lastState": {"terminated": {"reason": "Error", "exitCode": 1}}
}
CONTROLLER = deployment("kustomize-controller", namespace="flux-system")


def watching(selector: str, name: str = "kustomize-controller", up: bool = False) -> Object:
    """A kustomize-controller that takes only the objects that this label selector selects."""
    found = deployment(name, up=up, namespace="flux-system", labels={"app.kubernetes.io/component": "kustomize-controller"})
    container = {"name": "manager", "args": ["--watch-all-namespaces=true", f"--watch-label-selector={selector}"]}
    found["spec"]["template"] = {"spec": {"containers": [container]}}
    return found


SCENARIOS: dict[str, Scenario] = {
    # sources
    "git no secret object": Scenario("Kustomization/apps/apps", "secret-not-found", "Secret/apps/creds", git("failed to get secret 'apps/creds': secrets \"creds\" not found", "AuthenticationFailed", secretRef={"name": "creds"})),
    "git login lacks a key": Scenario("Kustomization/apps/apps", "secret-not-found", "Secret/apps/creds", [*git("failed to configure authentication options: secret 'apps/creds': key 'githubAppPrivateKey' not found", "AuthenticationFailed", provider="github", secretRef={"name": "creds"}), made("Secret", "creds", data={"githubAppID": ""})]),
    "git proxy refuses": Scenario("Kustomization/apps/apps", "network-blocked", "Secret/apps/proxy", [*git("failed to checkout and determine revision: unable to clone 'https://h/r': Get \"https://h/r/info/refs\": Proxy Authentication Required", proxySecretRef={"name": "proxy"}), made("Secret", "proxy", data={"address": ""})]),
    "git proxy secret absent": Scenario("Kustomization/apps/apps", "secret-not-found", "Secret/apps/proxy", git("failed to configure proxy options: secret 'apps/proxy' not found", "AuthenticationFailed", proxySecretRef={"name": "proxy"})),
    "git says something new": Scenario("Kustomization/apps/apps", "git-repo-incompatible", "GitRepository/apps/apps", git("failed to checkout and determine revision: unable to clone 'https://h/r': some refs were not updated")),
    "git without credentials": Scenario("Kustomization/apps/apps", "git-auth-failed", "GitRepository/apps/apps", git(AUTH)),
    "git wrong key": Scenario("GitRepository/apps/apps", "git-auth-failed", "Secret/apps/creds", [*git("unable to clone 'ssh://git@h/r': ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain", secretRef={"name": "creds"}), made("Secret", "creds", data={"identity": ""})]),
    "git host key": Scenario("Kustomization/apps/apps", "git-ssh-hostkey", "Secret/apps/creds", [*git("unable to clone 'ssh://git@h/r': ssh: handshake failed: knownhosts: key mismatch", secretRef={"name": "creds"}), made("Secret", "creds", data={"identity": ""})]),
    "git branch": Scenario("Kustomization/apps/apps", "git-ref-not-found", "GitRepository/apps/apps", git("failed to checkout and determine revision: unable to clone 'https://h/r': couldn't find remote ref \"refs/heads/nope\"")),
    "git dns": Scenario("Kustomization/apps/apps", "network-dns", "GitRepository/apps/apps", git("unable to clone 'https://nope.invalid/r': Get \"https://nope.invalid/r/info/refs\": dial tcp: lookup nope.invalid on 10.96.0.10:53: no such host")),
    "git timeout": Scenario("Kustomization/apps/apps", "network-blocked", "GitRepository/apps/apps", git("failed to checkout and determine revision: unable to clone 'https://h/r': context deadline exceeded")),
    "git wrong ca": Scenario("Kustomization/apps/apps", "tls-untrusted-ca", "Secret/apps/creds", [*git("unable to clone: Get \"https://h/r\": tls: failed to verify certificate: x509: certificate signed by unknown authority", secretRef={"name": "creds"}), made("Secret", "creds", data={"ca.crt": ""})]),
    "git rate limit": Scenario("GitRepository/apps/apps", "rate-limited", "GitRepository/apps/apps", git("unable to clone 'https://h/r': unexpected client error: unexpected requesting \"https://h/r\" status code: 429")),
    "git commit not signed": Scenario("GitRepository/apps/apps", "signature-verification-failed", "Secret/apps/keys", [failing("GitRepository", "apps", "InvalidCommitSignature", "signature verification of commit 'x' failed: unable to verify Git commit: unable to verify payload with any of the given key rings: unable to verify commit with any of the given key rings", spec={"verify": {"secretRef": {"name": "keys"}}}), made("Secret", "keys", data={"a.asc": ""})]),
    "git include": Scenario("GitRepository/apps/apps", "source-not-found", "GitRepository/apps/lib", [failing("GitRepository", "apps", "NotFound", "could not get resource for include 'lib': gitrepositories.source.toolkit.fluxcd.io \"lib\" not found", spec={"include": [{"repository": {"name": "lib"}}]})]),
    "git disk": Scenario("GitRepository/apps/apps", "storage-full", "Deployment/flux-system/source-controller", git("unable to clone 'https://h/r': write /tmp/x: no space left on device")),
    "oci 401 with secret": Scenario("Kustomization/apps/apps", "registry-auth-failed", "Secret/apps/pull", [*source("OCIRepository", "failed to determine artifact digest: GET https://r/v2/a/manifests/1: UNAUTHORIZED: authentication required; [map[Type:repository]]", "OCIArtifactPullFailed", secretRef={"name": "pull"}), made("Secret", "pull", data={".dockerconfigjson": ""})]),
    "oci 401 without": Scenario("Kustomization/apps/apps", "registry-auth-failed", "OCIRepository/apps/src", source("OCIRepository", "failed to determine artifact digest: GET https://r/v2/a/manifests/1: UNAUTHORIZED: authentication required", "OCIArtifactPullFailed")),
    "oci secret absent": Scenario("OCIRepository/apps/src", "secret-not-found", "Secret/apps/pull", source("OCIRepository", 'failed to get credential: secrets "pull" not found', "AuthenticationFailed", secretRef={"name": "pull"})),
    "oci certificate secret": Scenario("Kustomization/apps/apps", "secret-not-found", "Secret/apps/ca", [*source("OCIRepository", "failed to generate transport for 'oci://r/apps': secret 'apps/ca' must contain either 'ca.crt' or both 'tls.crt' and 'tls.key'", "AuthenticationFailed", certSecretRef={"name": "ca"}), made("Secret", "ca", data={"ca.pem": ""})]),
    "oci certificate is none": Scenario("Kustomization/apps/apps", "tls-untrusted-ca", "Secret/apps/ca", [*source("OCIRepository", "failed to generate transport for 'oci://r/apps': failed to parse CA certificate", "AuthenticationFailed", certSecretRef={"name": "ca"}), made("Secret", "ca", data={"ca.crt": ""})]),
    "oci pull secret of the account": Scenario("OCIRepository/apps/src", "secret-not-found", "Secret/apps/regcred", source("OCIRepository", "failed to get credential: failed to get image pull secret for serviceaccount 'apps/puller': secret 'apps/regcred' not found", "AuthenticationFailed", serviceAccountName="puller")),
    "oci semver": Scenario("OCIRepository/apps/src", "oci-artifact-not-found", "OCIRepository/apps/src", source("OCIRepository", "failed to determine the artifact tag for 'oci://r/a': no match found for semver: >9", "ReadOperationFailed")),
    "oci repository": Scenario("Kustomization/apps/apps", "oci-artifact-not-found", "OCIRepository/apps/src", source("OCIRepository", "failed to determine artifact digest: GET http://r/v2/nope/manifests/v1: NAME_UNKNOWN: repository name not known to registry; map[name:nope]", "OCIArtifactPullFailed")),
    "oci layer": Scenario("Kustomization/apps/apps", "oci-artifact-invalid", "OCIRepository/apps/src", source("OCIRepository", "failed to extract layer contents from artifact: tar file entry bin/arch contained unsupported file type Lrwxrwxrwx", "OCIArtifactLayerOperationFailed")),
    "oci unsigned": Scenario("Kustomization/apps/apps", "signature-verification-failed", "OCIRepository/apps/src", [*source("OCIRepository", "failed to verify the signature using provider 'cosign': no matching signatures were found for 'r/a:v1'", "VerificationError", verify={"provider": "cosign", "secretRef": {"name": "cosign"}}), made("Secret", "cosign", data={"cosign.pub": ""})]),
    "oci verify secret without keys": Scenario("Kustomization/apps/apps", "signature-verification-failed", "Secret/apps/cosign", [*source("OCIRepository", "failed to verify the signature using provider 'cosign': no matching signatures were found for 'r/a:v1'", "VerificationError", verify={"provider": "cosign", "secretRef": {"name": "cosign"}}), made("Secret", "cosign", data={"key": ""})]),
    "git cloud account": Scenario("Kustomization/apps/apps", "git-auth-failed", "ServiceAccount/apps/git", git("failed to configure authentication options: failed to create provider access token for service account 'apps/git': azure tenant ID is not set", "AuthenticationFailed", provider="azure", serviceAccountName="git")),
    "git commit without signature": Scenario("GitRepository/apps/apps", "signature-verification-failed", "GitRepository/apps/apps", [failing("GitRepository", "apps", "InvalidCommitSignature", "signature verification of commit 'x' failed: unable to verify Git commit: unable to verify payload as the provided signature is empty", spec={"verify": {"secretRef": {"name": "keys"}}}), made("Secret", "keys", data={"a.asc": ""})]),
    "external artifacts are off": Scenario("Kustomization/apps/apps", "controller-version-skew", "Kustomization/apps/apps", [ks("apps", "AccessDenied", "can't access 'ExternalArtifact/apps/app', ExternalArtifact feature gate is disabled", source="ExternalArtifact/app")]),
    "oci verify secret": Scenario("OCIRepository/apps/src", "secret-not-found", "Secret/apps/cosign", source("OCIRepository", "failed to verify the signature using provider 'cosign': secrets \"cosign\" not found", "VerificationError", verify={"secretRef": {"name": "cosign"}})),
    "oci ca secret": Scenario("OCIRepository/apps/src", "tls-untrusted-ca", "Secret/apps/ca", [*source("OCIRepository", 'failed to determine artifact digest: Get "https://r/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority', "OCIArtifactPullFailed", certSecretRef={"name": "ca"}), made("Secret", "ca", data={"ca.crt": ""})]),
    "bucket secret": Scenario("Kustomization/apps/apps", "bucket-access-denied", "Secret/apps/s3", [*source("Bucket", "failed to confirm existence of 'b' bucket: Access Denied.", "BucketOperationFailed", secretRef={"name": "s3"}), made("Secret", "s3", data={"accesskey": "", "secretkey": ""})]),
    "bucket name": Scenario("Bucket/apps/src", "revision-not-found", "Bucket/apps/src", source("Bucket", "bucket 'nope' not found", "BucketOperationFailed")),
    "bucket keys": Scenario("Bucket/apps/src", "secret-not-found", "Secret/apps/s3", [*source("Bucket", "invalid 'apps/s3' secret data: required fields 'accesskey' and 'secretkey'", "AuthenticationFailed", secretRef={"name": "s3"}), made("Secret", "s3", data={})]),
    "bucket certificates": Scenario("Bucket/apps/src", "secret-not-found", "Secret/apps/ca", [*source("Bucket", "certificate secret does not contain any TLS configuration", "AuthenticationFailed", certSecretRef={"name": "ca"}), made("Secret", "ca", data={})]),
    "bucket region": Scenario("Bucket/apps/src", "revision-not-found", "Bucket/apps/src", source("Bucket", "failed to confirm existence of 'b' bucket: The bucket you are attempting to access must be addressed using the specified endpoint.", "BucketOperationFailed")),
    "bucket dns": Scenario("Bucket/apps/src", "network-dns", "Bucket/apps/src", source("Bucket", "failed to confirm existence of 'b' bucket: Get \"http://minio.nope/b/?location=\": dial tcp: lookup minio.nope: no such host", "BucketOperationFailed")),
    "source absent": Scenario("Kustomization/apps/apps", "source-not-found", "GitRepository/apps/apps", [ks("apps", "ArtifactFailed", 'gitrepositories.source.toolkit.fluxcd.io "apps" not found')]),
    "source suspended": Scenario("Kustomization/apps/apps", "object-suspended", "GitRepository/apps/apps", [made("GitRepository", "apps", spec={"suspend": True}), ks("apps", "ArtifactFailed", NO_ARTIFACT)]),
    "stale source": Scenario("Kustomization/apps/apps", "git-auth-failed", "GitRepository/apps/apps", [git("unable to list remote for 'https://h/r': authorization failed")[0], ks("apps")]),
    "generator": Scenario("Kustomization/apps/apps", "source-not-found", "GitRepository/apps/gone", [ks("apps", "ArtifactFailed", NO_ARTIFACT, source="ExternalArtifact/app"), made("ExternalArtifact", "app", spec={"sourceRef": {"kind": "ArtifactGenerator", "name": "gen"}}), failing("ArtifactGenerator", "gen", "SourceFetchFailed", 'get sources failed: GitRepository.source.toolkit.fluxcd.io "gone" not found', spec={"sources": [{"alias": "a", "kind": "GitRepository", "name": "gone"}]})]),
    "cross namespace": Scenario("Kustomization/apps/apps", "cross-namespace-ref-denied", "Kustomization/apps/apps", [ks("apps", "AccessDenied", "can't access 'GitRepository/other/apps', cross-namespace references have been blocked")]),
    # charts
    "helm index dns": Scenario("HelmRelease/apps/web", "network-dns", "HelmRepository/apps/charts", charted(chart("web", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"), failing("HelmRepository", "charts", "Failed", 'failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://x.invalid/index.yaml": dial tcp: lookup x.invalid: no such host'))),
    "helm index 404": Scenario("HelmRelease/apps/web", "helm-repo-unreachable", "HelmRepository/apps/charts", charted(chart("web", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"), failing("HelmRepository", "charts", "Failed", "failed to fetch Helm repository index: failed to cache index to temporary file: failed to fetch https://h/index.yaml : 404 Not Found"))),
    "helm index refused": Scenario("HelmRelease/apps/web", "network-blocked", "HelmRepository/apps/charts", charted(chart("web", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"), failing("HelmRepository", "charts", "Failed", 'failed to fetch Helm repository index: failed to cache index to temporary file: Get "http://127.0.0.1:9/index.yaml": dial tcp 127.0.0.1:9: connect: connection refused'))),
    "helm secret absent": Scenario("HelmRelease/apps/web", "secret-not-found", "Secret/apps/login", charted(chart("web", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"), failing("HelmRepository", "charts", "AuthenticationFailed", "failed to get authentication secret 'apps/login': secrets \"login\" not found", spec={"secretRef": {"name": "login"}}))),
    "helm login of an old oci repository": Scenario("HelmRepository/apps/charts", "registry-auth-failed", "Secret/apps/login", [failing("HelmRepository", "charts", "AuthenticationFailed", "failed to login to registry 'oci://r/charts': login attempt to https://r/v2/ failed with status: 401 Unauthorized", spec={"type": "oci", "url": "oci://r/charts", "secretRef": {"name": "login"}}), made("Secret", "login", data={"username": ""})]),
    "helm repository suspended": Scenario("HelmRelease/apps/web", "object-suspended", "HelmRepository/apps/charts", charted(chart("web", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"), made("HelmRepository", "charts", spec={"suspend": True}))),
    "oci chart login": Scenario("HelmRelease/apps/web", "registry-auth-failed", "Secret/apps/login", charted(chart("web", "ChartPullError", "chart pull error: failed to get chart version for remote reference: could not fetch tags for \"oci://r/charts/web\": 401 Unauthorized"), made("HelmRepository", "charts", spec={"type": "oci", "url": "oci://r/charts", "secretRef": {"name": "login"}}), made("Secret", "login", data={"username": ""}))),
    "oci chart login, from the repository": Scenario("HelmRepository/apps/charts", "registry-auth-failed", "Secret/apps/login", [made("HelmRepository", "charts", spec={"type": "oci", "url": "oci://r.example.com/charts", "secretRef": {"name": "login"}}), made("Secret", "login", data={"username": ""}), chart("web", "ChartPullError", 'chart pull error: failed to get chart version for remote reference: could not fetch tags for "oci://r.example.com/charts/web": response status code 401: unauthorized')]),
    "oci chart version": Scenario("HelmRelease/apps/web", "chart-version-not-found", "HelmRelease/apps/web", charted(chart("web", "ChartPullError", "chart pull error: failed to get chart version for remote reference: could not locate a version matching provided version string 9.9.9"), made("HelmRepository", "charts", spec={"type": "oci", "url": "oci://r/charts"}))),
    "oci chart tags refused": Scenario("HelmRelease/apps/web", "registry-auth-failed", "Secret/apps/login", charted(chart("web", "ChartPullError", "chart pull error: failed to get chart version for remote reference: could not fetch tags for \"oci://r/charts/web\": GET \"https://r/v2/charts/web/tags/list\": response status code 401: unauthorized: authentication required"), made("HelmRepository", "charts", spec={"type": "oci", "url": "oci://r/charts", "secretRef": {"name": "login"}}), made("Secret", "login", data={"username": ""}))),
    "chart archive": Scenario("HelmRelease/apps/web", "chart-invalid", "HelmRepository/apps/charts", charted(chart("web", "ChartPullError", "chart pull error: failed to load chart: file 'web-1.0.0.tgz' does not appear to be a gzipped archive; got 'text/html; charset=utf-8'"), REPO)),
    "chart in git broken": Scenario("HelmRelease/apps/web", "chart-invalid", "GitRepository/apps/apps", [hr("web", "SourceNotReady", "HelmChart 'apps/apps-web' is not ready: x", source="GitRepository/apps"), chart("web", "InvalidChartReference", 'invalid chart reference: validation: chart.metadata.version "main" is invalid', source="GitRepository/apps"), GIT]),
    "chart dependency": Scenario("HelmRelease/apps/web", "chart-invalid", "GitRepository/apps/apps", [hr("web", "SourceNotReady", "HelmChart 'apps/apps-web' is not ready: x", source="GitRepository/apps"), chart("web", "DependencyBuildError", "dependency build error: failed to add remote dependency 'redis': failed to get chart 'redis' version '1' from 'https://h'", source="GitRepository/apps"), GIT]),
    "values file": Scenario("HelmRelease/apps/web", "values-invalid", "HelmRelease/apps/web", charted(chart("web", "ValuesFilesError", "values files merge error: failed to merge chart values: no values file found at path 'prod.yaml'"), REPO)),
    "chartRef to OCI": Scenario("HelmRelease/apps/web", "oci-artifact-not-found", "OCIRepository/apps/web", [failing("HelmRelease", "web", "SourceNotReady", "OCIRepository 'apps/web' is not ready: x", spec={"chartRef": {"kind": "OCIRepository", "name": "web"}}), failing("OCIRepository", "web", "OCIArtifactPullFailed", "failed to determine artifact digest: GET https://r/v2/web/manifests/9: MANIFEST_UNKNOWN: manifest unknown")]),
    # rendering
    "remote base": Scenario("Kustomization/apps/apps", "network-blocked", "GitRepository/apps/apps", applied("kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'https://h/x.yaml': Get \"https://h/x.yaml\": dial tcp 1.2.3.4:443: i/o timeout': evalsymlink failure on '/tmp/x' : lstat /tmp/x: no such file or directory", "BuildFailed")),
    "missing resource": Scenario("Kustomization/apps/apps", "kustomize-build-error", "OCIRepository/apps/src", [ready("OCIRepository", "src"), ks("apps", "BuildFailed", "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'gone.yaml': evalsymlink failure on '/tmp/k/gone.yaml' : lstat /tmp/k/gone.yaml: no such file or directory'", source="OCIRepository/src")]),
    "patch in files": Scenario("Kustomization/apps/apps", "kustomize-build-error", "GitRepository/apps/apps", applied("kustomize build failed: replace operation does not apply: doc is missing path: /spec/nope: missing value", "BuildFailed")),
    "inline patch": Scenario("Kustomization/apps/apps", "kustomize-build-error", "Kustomization/apps/apps", applied("kustomize build failed: no resource matches strategic merge patch: no matches for Id Deployment.v1.apps/x.[noNs]; failed to find unique target for patch", "BuildFailed", patches=[{"patch": "x"}])),
    "substitute from": Scenario("Kustomization/apps/apps", "postbuild-substitution-error", "ConfigMap/apps/vars", applied("post build failed for 'ConfigMap.v1.[noGrp]/s': substitute from 'ConfigMap/vars' error: configmaps \"vars\" not found", "BuildFailed", postBuild={"substituteFrom": [{"kind": "ConfigMap", "name": "vars"}]})),
    "substitute strict": Scenario("Kustomization/apps/apps", "postbuild-substitution-error", "Kustomization/apps/apps", applied("post build failed for 'ConfigMap.v1.[noGrp]/s': envsubst error: variable substitution failed: variable not set (strict mode): \"REGION\"", "BuildFailed")),
    "variable's name": Scenario("Kustomization/apps/apps", "postbuild-substitution-error", "Kustomization/apps/apps", applied("post build failed for 'web': 'my-var' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'", "BuildFailed", postBuild={"substitute": {"my-var": "x"}})),
    "sops secret absent, in few words": Scenario("Kustomization/apps/apps", "sops-decryption-failed", "Secret/apps/keys", applied('secrets "keys" not found', "BuildFailed", decryption={"provider": "sops", "secretRef": {"name": "keys"}})),
    "sops secret absent": Scenario("Kustomization/apps/apps", "sops-decryption-failed", "Secret/apps/sops-age", applied("cannot get sops decryption Secret 'apps/sops-age': secrets \"sops-age\" not found", "BuildFailed", decryption={"provider": "sops", "secretRef": {"name": "sops-age"}})),
    "sops other key": Scenario("Kustomization/apps/apps", "sops-decryption-failed", "Secret/apps/sops-age", [*applied("decryption failed for 'Secret.v1.[noGrp]/x': cannot get sops data key: Failed to get the data key required to decrypt the SOPS file.\n\nGroup 0: FAILED\n  age1x: FAILED\n    - | no identity matched any of the recipients", "BuildFailed", decryption={"provider": "sops", "secretRef": {"name": "sops-age"}}), made("Secret", "sops-age", data={"age.agekey": ""})]),
    "sops mac": Scenario("Kustomization/apps/apps", "sops-decryption-failed", "GitRepository/apps/apps", applied("decryption failed for 'Secret.v1.[noGrp]/x': failed to verify sops data integrity: expected mac 'A', got 'B'", "BuildFailed", decryption={"provider": "sops", "secretRef": {"name": "sops-age"}})),
    "template required": Scenario("HelmRelease/apps/web", "template-render-error", "HelmRelease/apps/web", released("execution error at (web/templates/x.yaml:2:4): image.tag is required")),
    "schema": Scenario("HelmRelease/apps/web", "values-invalid", "HelmRelease/apps/web", released("values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- replicas: Invalid type. Expected: integer, given: string\n")),
    "values key in the words of 2.0": Scenario("HelmRelease/apps/web", "values-invalid", "Secret/apps/vals", [REPO, chart(), hr("web", "ValuesError", "could not find values key 'prod.yaml' in Secret 'apps/vals'"), made("Secret", "vals", data={"a": ""})]),
    "values key": Scenario("HelmRelease/apps/web", "values-invalid", "Secret/apps/vals", [REPO, chart(), hr("web", "ValuesError", "could not resolve Secret chart values reference 'apps/vals' with key 'prod.yaml': missing key 'prod.yaml' in Secret 'apps/vals'"), made("Secret", "vals", data={"a": ""})]),
    # applying
    "unknown field": Scenario("Kustomization/apps/apps", "manifest-invalid", "GitRepository/apps/apps", applied("Deployment/apps/web dry-run failed: failed to create typed patch object (apps/web; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema")),
    "crd": Scenario("Kustomization/apps/apps", "crd-missing", "GitRepository/apps/apps", applied('ServiceMonitor/apps/web dry-run failed: no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"')),
    "namespace in file": Scenario("Kustomization/apps/apps", "namespace-missing", "GitRepository/apps/apps", applied('ConfigMap/gone/one not found: namespaces "gone" not found')),
    "namespace of release": Scenario("HelmRelease/apps/web", "namespace-missing", "HelmRelease/apps/web", released('create: failed to create: namespaces "gone" not found', targetNamespace="gone")),
    "namespace ends": Scenario("Kustomization/apps/apps", "namespace-missing", "Namespace//old", applied('ConfigMap/old/one dry-run failed (Forbidden): configmaps "one" is forbidden: unable to create new content in namespace old because it is being terminated')),
    "rights": Scenario("Kustomization/apps/apps", "rbac-forbidden", "ServiceAccount/apps/team", applied('Deployment/apps/web dry-run failed (Forbidden): deployments.apps "web" is forbidden: User "system:serviceaccount:apps:team" cannot patch resource "deployments" in API group "apps" in the namespace "apps"', serviceAccountName="team")),
    "policy and release": Scenario("HelmRelease/apps/web", "admission-denied", "HelmRelease/apps/web", released("admission webhook \"validate.kyverno.svc-fail\" denied the request: resource Deployment/apps/web was blocked")),
    "release quota": Scenario("HelmRelease/apps/web", "quota-exceeded", "ResourceQuota/apps/tight", released('server-side apply failed for object apps/web /v1, Kind=ConfigMap: configmaps "web" is forbidden: exceeded quota: tight, requested: configmaps=1, used: configmaps=1, limited: configmaps=1')),
    "webhook": Scenario("Kustomization/apps/apps", "admission-webhook-unavailable", "MutatingWebhookConfiguration//inject", [*applied('Deployment/apps/web dry-run failed (InternalError): Internal error occurred: failed calling webhook "inject.example.com": failed to call webhook: Post "https://hook.infra.svc:443/?timeout=10s": service "hook" not found'), made("MutatingWebhookConfiguration", "inject", "", webhooks=[{"name": "inject.example.com"}])]),
    "ownership": Scenario("HelmRelease/apps/web", "ownership-conflict", "ConfigMap/apps/web", released('Unable to continue with install: ConfigMap "web" in namespace "apps" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"')),
    "too large": Scenario("Kustomization/apps/apps", "object-too-large", "GitRepository/apps/apps", applied('ConfigMap/apps/big dry-run failed (Invalid): ConfigMap "big" is invalid: metadata.annotations: Too long: must have at most 262144 bytes')),
    "kubeconfig key": Scenario("Kustomization/apps/apps", "remote-cluster-access", "Secret/apps/remote", [*applied("KubeConfig secret 'apps/remote' does not contain a 'value' key with a kubeconfig", kubeConfig={"secretRef": {"name": "remote"}}), made("Secret", "remote", data={"x": ""})]),
    "remote cluster does not answer in time": Scenario("Kustomization/apps/apps", "remote-cluster-access", "Secret/apps/remote", [*applied('Get "https://10.0.0.1:6443/api?timeout=30s": context deadline exceeded', kubeConfig={"secretRef": {"name": "remote"}}), made("Secret", "remote", data={"value": ""})]),
    "remote cluster down": Scenario("Kustomization/apps/apps", "remote-cluster-access", "Secret/apps/remote", [*applied('failed to build kube client: Get "https://127.0.0.1:9/api?timeout=32s": dial tcp 127.0.0.1:9: connect: connection refused', kubeConfig={"secretRef": {"name": "remote"}}), made("Secret", "remote", data={"value": ""})]),
    # Helm
    "release locked": Scenario("HelmRelease/apps/web", "helm-release-state", "HelmRelease/apps/web", [REPO, chart(), hr("web", "UpgradeFailed", "Helm upgrade failed for release apps/web with chart web@2: another operation (install/upgrade/rollback) is in progress")]),
    "test pod": Scenario("HelmRelease/apps/web", "hook-failed", "Pod/apps/web-test", [REPO, chart(), hr("web", "TestFailed", "Helm test failed for release apps/web.v1 with chart web@1.0.0: pod web-test failed", (condition("TestSuccess", "False", "TestFailed", "x"),)), made("Pod", "web-test", annotations={"helm.sh/hook": "test"}, labels=by("HelmRelease", "web"), status={"phase": "Failed"})]),
    "hook is waited for": Scenario("HelmRelease/apps/web", "hook-failed", "Job/apps/web-migrate", [*released("failed post-upgrade: resource not ready, name: web-migrate, kind: Job, status: InProgress\ncontext deadline exceeded"), HOOK]),
    "hook times out": Scenario("HelmRelease/apps/web", "hook-failed", "Job/apps/web-migrate", [*released("failed pre-install: timed out waiting for the condition"), HOOK]),
    "retries only": Scenario("HelmRelease/apps/web", "helm-remediation-exhausted", "HelmRelease/apps/web", [REPO, chart(), hr("web", "RetriesExceeded", "Failed to upgrade after 4 attempt(s)", (condition("Stalled", "True", "RetriesExceeded", "Failed to upgrade after 4 attempt(s)"),))]),
    "rolled back for a template": Scenario("HelmRelease/apps/web", "template-render-error", "HelmRelease/apps/web", [REPO, chart(), hr("web", "RollbackSucceeded", "Helm rollback to previous release apps/web.v1 with chart web@1.0.0 succeeded", (condition("Released", "False", "UpgradeFailed", "Helm upgrade failed for release apps/web with chart web@1.1.0: template: web/templates/x.yaml:1:2: executing \"x\" at <.Values.a.b>: nil pointer evaluating interface {}.b"), condition("Remediated", "True", "RollbackSucceeded", "Helm rollback succeeded")))]),
    "workload gone after uninstall": Scenario("HelmRelease/apps/web", "workload-image-pull", "Deployment/apps/web", [REPO, chart(), hr("web", "UninstallSucceeded", "Helm uninstall remediation for release apps/web.v1 with chart web@1.0.0 succeeded", (condition("Released", "False", "InstallFailed", INSTALL + "context deadline exceeded"), condition("Remediated", "True", "UninstallSucceeded", "x"))), event("ReplicaSet/web-5f6c7d8e9", "SuccessfulCreate", "Created pod: web-5f6c7d8e9-abcde", "Normal"), event("Deployment/web", "ScalingReplicaSet", "Scaled up replica set web-5f6c7d8e9 from 0 to 1", "Normal"), event("Pod/web-5f6c7d8e9-abcde", "Failed", 'Failed to pull image "x:none": not found')]),
    "rolled back, pods gone": Scenario("HelmRelease/apps/web", "workload-image-pull", "Deployment/apps/web", [REPO, chart(), hr("web", "RollbackSucceeded", "Helm rollback to previous release apps/web.v1 with chart web@1.0.0 succeeded", (condition("Released", "False", "UpgradeFailed", "Helm upgrade failed for release apps/web with chart web@1.1.0: timeout waiting for: [Deployment/apps/web status: 'InProgress']"), condition("Remediated", "True", "RollbackSucceeded", "x")), status=inventory("apps_web_apps_Deployment")), deployment(up=True), event("Deployment/web", "ScalingReplicaSet", "Scaled up replica set web-1a2b3c4d5 from 0 to 1", "Normal"), event("ReplicaSet/web-1a2b3c4d5", "SuccessfulCreate", "Created pod: web-1a2b3c4d5-abcde", "Normal"), event("Pod/web-1a2b3c4d5-abcde", "Failed", 'Failed to pull image "x:none": not found')]),
    # order
    "dependency absent": Scenario("Kustomization/apps/apps", "dependency-not-ready", "Kustomization/apps/infra", [GIT, ks("apps", "DependencyNotReady", "dependency 'apps/infra' not found: kustomizations \"infra\" not found", dependsOn=[{"name": "infra"}])]),
    "dependency fails": Scenario("Kustomization/apps/apps", "kustomize-path-not-found", "Kustomization/apps/infra", [GIT, ks("apps", "DependencyNotReady", "dependency 'apps/infra' is not ready", dependsOn=[{"name": "infra"}]), ks("infra", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/nope: no such file or directory")]),
    "release dependency": Scenario("HelmRelease/apps/web", "template-render-error", "HelmRelease/apps/db", [REPO, hr("web", "DependencyNotReady", "dependency 'apps/db' is not ready", dependsOn=[{"name": "db"}]), hr("db", "InstallFailed", INSTALL + "execution error at (x): boom")]),
    "release dependency absent": Scenario("HelmRelease/apps/web", "dependency-not-ready", "HelmRelease/apps/db", [REPO, hr("web", "DependencyNotReady", "unable to get 'apps/db' dependency: helmreleases.helm.toolkit.fluxcd.io \"db\" not found", dependsOn=[{"name": "db"}])]),
    "dependency suspended": Scenario("Kustomization/apps/apps", "object-suspended", "Kustomization/apps/infra", [GIT, ks("apps", "DependencyNotReady", "dependency 'apps/infra' is not ready", dependsOn=[{"name": "infra"}]), made("Kustomization", "infra", spec={"suspend": True, "sourceRef": {"kind": "GitRepository", "name": "apps"}})]),
    "three in a circle": Scenario("Kustomization/apps/a", "dependency-not-ready", "Kustomization/apps/a", [GIT, *(ks(x, "DependencyNotReady", f"dependency 'apps/{y}' is not ready", dependsOn=[{"name": y}]) for x, y in ("ab", "bc", "ca"))]),
    "suspended parent": Scenario("HelmRelease/apps/web", "object-suspended", "Kustomization/apps/apps", [REPO, chart(), hr("web", labels=by("Kustomization", "apps")), GIT, ks("apps", suspend=True)]),
    "failing parent": Scenario("HelmRelease/apps/web", "kustomize-build-error", "GitRepository/apps/apps", [REPO, chart(), hr("web", labels=by("Kustomization", "apps")), *applied("kustomize build failed: json: unknown field \"x\"", "BuildFailed")]),
    "deleting": Scenario("Kustomization/apps/apps", "deletion-blocked", "Kustomization/apps/apps", [GIT, ks("apps", deletionTimestamp="2026-11-23T10:00:00Z", finalizers=["finalizers.fluxcd.io"])]),
    "terminating below": Scenario("Kustomization/apps/apps", "deletion-blocked", "ImagePolicy/apps/img", applied("health check failed after 5m0s: timeout waiting for: [ImagePolicy/apps/img status: 'Terminating']", "HealthCheckFailed")),
    # workloads
    "image": Scenario("Kustomization/apps/apps", "workload-image-pull", "Deployment/apps/web", rolled_out(WEB, pod(WEB, [waiting("ErrImagePull", "not found")]))),
    "crash in stateful set": Scenario("Kustomization/apps/apps", "workload-crashloop", "StatefulSet/apps/db", rolled_out(STATEFUL, pod(STATEFUL, [LOOP], name="db-0"), kind="StatefulSet")),
    "daemon set": Scenario("Kustomization/apps/apps", "workload-unschedulable", "DaemonSet/apps/agent", rolled_out(DAEMON, pod(DAEMON, name="agent-x", conditions=[condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available: 1 node(s) had untolerated taint {a: b}")]), kind="DaemonSet")),
    "oom": Scenario("Kustomization/apps/apps", "workload-oomkilled", "Deployment/apps/web", rolled_out(WEB, pod(WEB, [ENDED | waiting("CrashLoopBackOff")]))),
    "init container": Scenario("Kustomization/apps/apps", "workload-crashloop", "Deployment/apps/web", rolled_out(WEB, pod(WEB, [waiting("PodInitializing")], init=[LOOP]))),
    "job": Scenario("Kustomization/apps/apps", "workload-crashloop", "Job/apps/load", rolled_out(JOB, kind="Job")),
    "claim": Scenario("Kustomization/apps/apps", "workload-pvc-pending", "StatefulSet/apps/db", rolled_out(STATEFUL, pod(STATEFUL, name="db-0", conditions=[condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.")]), CLAIM, kind="StatefulSet")),
    "mount": Scenario("Kustomization/apps/apps", "workload-config-missing", "Deployment/apps/web", rolled_out(WEB, p := pod(WEB, [waiting("ContainerCreating")]), event(p, "FailedMount", 'MountVolume.SetUp failed for volume "cfg" : configmap "cfg" not found'))),
    "service account of pods": Scenario("Kustomization/apps/apps", "workload-config-missing", "Deployment/apps/web", rolled_out(WEB, event("ReplicaSet/web-5f6c7d8e9", "FailedCreate", 'Error creating: pods "web-5f6c7d8e9-" is forbidden: error looking up service account apps/web: serviceaccount "web" not found'))),
    "quota for pods": Scenario("Kustomization/apps/apps", "quota-exceeded", "ResourceQuota/apps/compute", rolled_out(WEB, event("ReplicaSet/web-5f6c7d8e9", "FailedCreate", 'Error creating: pods "web-5f6c7d8e9-x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=0, limited: pods=0'))),
    "pod security": Scenario("Kustomization/apps/apps", "admission-denied", "GitRepository/apps/apps", rolled_out(deployment(labels=by("Kustomization", "apps")), event("ReplicaSet/web-5f6c7d8e9", "FailedCreate", 'Error creating: pods "web-5f6c7d8e9-x" is forbidden: violates PodSecurity "restricted:latest": privileged'))),
    "readiness": Scenario("Kustomization/apps/apps", "workload-not-ready", "Deployment/apps/web", rolled_out(WEB, p := pod(WEB, [{"state": {"running": {}}}]), event(p, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"))),
    "release waits": Scenario("HelmRelease/apps/web", "workload-image-pull", "Deployment/apps/web", [*released("context deadline exceeded", status=inventory("apps_web_apps_Deployment")), WEB, pod(WEB, [waiting("ImagePullBackOff")])]),
    "release waits, labels": Scenario("HelmRelease/apps/web", "workload-crashloop", "Deployment/apps/web", [*released("timed out waiting for the condition"), d := deployment(labels=by("HelmRelease", "web")), pod(d, [LOOP])]),
    "load balancer": Scenario("HelmRelease/apps/web", "workload-service-pending", "Service/apps/web", [*released("context deadline exceeded", status=inventory("apps_web__Service")), made("Service", "web", spec={"type": "LoadBalancer"}, status={"loadBalancer": {}})]),
    "running install": Scenario("HelmRelease/apps/web", "workload-crashloop", "Deployment/apps/web", [REPO, chart(), made("HelmRelease", "web", spec={"chart": {"spec": {"chart": "web", "sourceRef": {"kind": "HelmRepository", "name": "charts"}}}}, status={"conditions": [condition("Reconciling", "True", "Progressing", "Running 'install' action with timeout of 5m0s"), condition("Ready", "Unknown", "Progressing", "Running 'install' action with timeout of 5m0s")], "observedGeneration": 1} | inventory("apps_web_apps_Deployment")), WEB, pod(WEB, [LOOP])]),
    "release below a kustomization": Scenario("Kustomization/apps/apps", "values-invalid", "ConfigMap/apps/vals", [GIT, ks("apps", "HealthCheckFailed", "health check failed after 30s: timeout waiting for: [HelmRelease/apps/web status: 'InProgress']"), REPO, hr("web", "ValuesError", "could not resolve ConfigMap chart values reference 'apps/vals' with key 'values.yaml': configmaps \"vals\" not found")]),
    "silent crash": Scenario("Kustomization/apps/apps", "workload-crashloop", "Deployment/apps/web", [GIT, ks("apps", status=inventory("apps_web_apps_Deployment")), WEB, pod(WEB, [LOOP])]),
    "check of nothing": Scenario("Kustomization/apps/apps", "healthcheck-misjudged", "Kustomization/apps/apps", applied("health check failed after 30s: timeout waiting for: [Deployment/apps/gone status: 'NotFound']", "HealthCheckFailed", healthChecks=[{"kind": "Deployment", "name": "gone"}])),
    "check too short": Scenario("Kustomization/apps/apps", "healthcheck-misjudged", "Kustomization/apps/apps", [*applied(WAITS, "HealthCheckFailed"), deployment(up=True)]),
    "cel": Scenario("Kustomization/apps/apps", "healthcheck-misjudged", "Kustomization/apps/apps", applied("Reconciliation failed terminally due to configuration error: failed to parse the expression", "InvalidCELExpression")),
    "check of nothing, running again": Scenario("Kustomization/apps/apps", "healthcheck-misjudged", "Kustomization/apps/apps", [GIT, k := made("Kustomization", "apps", spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}}, status={"conditions": [condition("Ready", "Unknown", "Progressing", "Reconciliation in progress"), condition("Reconciling", "True", "Progressing", "Running health checks for revision main@sha1:1 with a timeout of 30s")], "observedGeneration": 1}), event(k, "HealthCheckFailed", "health check failed after 30s: timeout waiting for: [Deployment/apps/gone status: 'NotFound']")]),
    "applied by somebody else": Scenario("HelmRelease/apps/web", "ownership-conflict", "Deployment/apps/web", released('conflict occurred while applying object apps/web apps/v1, Kind=Deployment: Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas')),
    "post renderer": Scenario("HelmRelease/apps/web", "template-render-error", "HelmRelease/apps/web", released("error while running post render on files: no resource matches strategic merge patch")),
    "archive is none": Scenario("HelmRelease/apps/web", "chart-invalid", "HelmRepository/apps/charts", charted(chart("web", "ChartPullError", "chart pull error: failed to get chart metadata: gzip: invalid header"), REPO)),
    "stored Helm release": Scenario("HelmRelease/apps/web", "api-version-removed", "HelmRelease/apps/web", [REPO, chart(), hr("web", "UpgradeFailed", 'Helm upgrade failed for release apps/web with chart web@2: unable to build kubernetes objects from current release manifest: resource mapping not found for name: "x" namespace: "" from "": no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"')]),
    "a pod": Scenario("Pod/apps/web-5f6c7d8e9-abcde", "workload-crashloop", "Deployment/apps/web", [WEB, pod(WEB, [LOOP])]),
    "a deployment": Scenario("Deployment/apps/web", "workload-image-pull", "Deployment/apps/web", [WEB, pod(WEB, [waiting("ImagePullBackOff")])]),
    "a sound deployment below a broken build": Scenario("Deployment/apps/web", "kustomize-build-error", "GitRepository/apps/apps", [deployment(up=True, labels=by("Kustomization", "apps")), *applied("kustomize build failed: json: unknown field \"x\"", "BuildFailed")]),
    # silent
    "ciphertext": Scenario("Kustomization/apps/apps", "sops-decryption-failed", "Kustomization/apps/apps", [GIT, ks("apps", status=inventory("apps_enc__Secret")), made("Secret", "enc", data={"k": "RU5DW0FFUzI1Nl0="})]),
    "unsubstituted": Scenario("Kustomization/apps/apps", "postbuild-substitution-error", "Kustomization/apps/apps", [GIT, ks("apps", status=inventory("apps_s__ConfigMap")), made("ConfigMap", "s", data={"host": "${HOST:=x}"})]),
    "inventory gone": Scenario("HelmRelease/apps/web", "drift-undetected", "HelmRelease/apps/web", [REPO, chart(), hr("web", status=inventory("apps_web_apps_Deployment"))]),
    "older revision": Scenario("Kustomization/apps/apps", "controller-down", "Deployment/flux-system/kustomize-controller", [GIT, ks("apps", status={"lastAppliedRevision": "main@sha1:old", "lastAttemptedRevision": "main@sha1:old"}), CONTROLLER]),
    # controllers
    "controller down": Scenario("Kustomization/apps/apps", "controller-down", "Deployment/flux-system/kustomize-controller", [GIT, made("Kustomization", "apps", spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}}), CONTROLLER, pod(CONTROLLER, [LOOP])]),
    "controller oom": Scenario("Kustomization/apps/apps", "controller-oom", "Deployment/flux-system/kustomize-controller", [GIT, made("Kustomization", "apps", spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}}, status={"conditions": [condition("Ready", "Unknown", "Progressing", "Reconciliation in progress")], "observedGeneration": 1}), CONTROLLER, pod(CONTROLLER, [ENDED | waiting("CrashLoopBackOff")])]),
    "shard": Scenario("Kustomization/apps/apps", "controller-down", "Kustomization/apps/apps", [GIT, made("Kustomization", "apps", labels={"sharding.fluxcd.io/key": "s9"}, spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}}), watching("!sharding.fluxcd.io/key", up=True)]),
    "artifact 404": Scenario("Kustomization/apps/apps", "artifact-fetch-failed", "Deployment/flux-system/source-controller", applied("Source is not ready, artifact not found, retrying in 30s", "ArtifactFailed")),
    "source-controller refuses": Scenario("Kustomization/apps/apps", "controller-oom", "Deployment/flux-system/source-controller", [*applied("failed to download archive: GET http://source-controller.flux-system.svc.cluster.local./gitrepository/apps/apps/x.tar.gz giving up after 10 attempt(s): dial tcp 10.0.0.1:80: connect: connection refused", "ArtifactFailed"), c := deployment("source-controller", namespace="flux-system"), pod(c, [ENDED | waiting("CrashLoopBackOff")])]),
    # images
    "scan": Scenario("ImagePolicy/apps/img", "image-scan-failed", "Secret/apps/reg", [failing("ImageRepository", "img", "ReadOperationFailed", "scan failed: GET https://r/v2/x/tags/list?n=1000: unexpected status code 401 Unauthorized", spec={"image": "r/x", "secretRef": {"name": "reg"}}), made("Secret", "reg", data={"a": ""}), failing("ImagePolicy", "img", "DependencyNotReady", "retrying in 30s error: no tags in database", spec={"imageRepositoryRef": {"name": "img"}})]),
    "scan refused": Scenario("ImageRepository/apps/img", "network-blocked", "ImageRepository/apps/img", [failing("ImageRepository", "img", "ReadOperationFailed", 'scan failed: Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused')]),
    "no match": Scenario("ImagePolicy/apps/img", "image-policy-no-match", "ImagePolicy/apps/img", [ready("ImageRepository", "img"), failing("ImagePolicy", "img", "Failure", "unable to determine latest version from provided list", spec={"imageRepositoryRef": {"name": "img"}})]),
    "policy without repository": Scenario("ImagePolicy/apps/img", "source-not-found", "ImageRepository/apps/gone", [failing("ImagePolicy", "img", "DependencyNotReady", 'failed to get the referred ImageRepository: referenced ImageRepository does not exist: ImageRepository.image.toolkit.fluxcd.io "gone" not found', spec={"imageRepositoryRef": {"name": "gone"}})]),
    "repository suspended": Scenario("ImagePolicy/apps/img", "object-suspended", "ImageRepository/apps/img", [made("ImageRepository", "img", spec={"suspend": True}), failing("ImagePolicy", "img", "DependencyNotReady", "no tags in database", spec={"imageRepositoryRef": {"name": "img"}})]),
    "push": Scenario("ImageUpdateAutomation/apps/up", "image-push-denied", "Secret/apps/creds", [ready("GitRepository", "apps", spec={"secretRef": {"name": "creds"}}), made("Secret", "creds", data={"a": ""}), failing("ImageUpdateAutomation", "up", "GitOperationFailed", "failed to update source: failed to push to remote: authorization failed", spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}})]),
    "automation without source": Scenario("ImageUpdateAutomation/apps/up", "source-not-found", "GitRepository/apps/gone", [failing("ImageUpdateAutomation", "up", "SourceManagerFailed", 'failed configuring source manager: GitRepository.source.toolkit.fluxcd.io "gone" not found', spec={"sourceRef": {"kind": "GitRepository", "name": "gone"}})]),
    # notifications
    "provider secret": Scenario("Alert/apps/all", "notification-provider-error", "Secret/apps/slack", [made("Alert", "all", spec={"providerRef": {"name": "slack"}}), made("Provider", "slack", spec={"type": "slack", "secretRef": {"name": "slack"}})]),
    "provider refuses": Scenario("Alert/apps/all", "notification-provider-error", "Provider/apps/slack", [a := made("Alert", "all", spec={"providerRef": {"name": "slack"}}), made("Provider", "slack", spec={"type": "slack"}), event(a, "NotificationDispatchFailed", "failed to send notification for Kustomization/apps/apps: postMessage failed: request failed with status code 404")]),
    "provider refuses, from the provider": Scenario("Provider/apps/slack", "notification-provider-error", "Provider/apps/slack", [a := made("Alert", "all", spec={"providerRef": {"name": "slack"}}), made("Provider", "slack", spec={"type": "slack"}), event(a, "NotificationDispatchFailed", "failed to send notification for Kustomization/apps/apps: postMessage failed: request failed with status code 404")]),
    "alert suspended": Scenario("Alert/apps/all", "object-suspended", "Alert/apps/all", [made("Alert", "all", spec={"suspend": True, "providerRef": {"name": "slack"}}), made("Provider", "slack", spec={"type": "slack"})]),
    "receiver token": Scenario("Receiver/apps/hook", "secret-not-found", "Secret/apps/token", [failing("Receiver", "hook", "TokenNotFound", "unable to read token from secret 'apps/token' error: secrets \"token\" not found", spec={"secretRef": {"name": "token"}})]),
    "receiver target": Scenario("Receiver/apps/hook", "receiver-misconfigured", "Receiver/apps/hook", [ready("Receiver", "hook", spec={"secretRef": {"name": "token"}, "resources": [{"kind": "GitRepository", "name": "gone"}]}), made("Secret", "token", data={"token": ""})]),
}  # fmt: skip
