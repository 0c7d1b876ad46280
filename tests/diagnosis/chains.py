"""Failures that begin elsewhere, or two at once: several namespaces, cycles, producers of artifacts, parents, old conditions."""

from typing import Any

from diagnosis.scenarios import AUTH, GIT, LOOP, NO_ARTIFACT, REPO, WEB, Scenario, applied, charted, released
from diagnosis.world import Object, by, chart, condition, deployment, event, failing, hr, inventory, ks, made, pod, ready

PATH = "kustomization path not found: stat /tmp/kustomization-1/nope: no such file or directory"
DENIED = "failed to confirm existence of 'b' bucket: Access Denied."
NO_HOST = "unable to clone 'https://nope.invalid/r': Get \"https://nope.invalid/r\": dial tcp: lookup nope.invalid: no such host"
NO_VERSION = (
    "invalid chart reference: failed to get chart version for remote reference: no 'web' chart with version matching '9' found"
)
NO_INDEX = (
    "failed to fetch Helm repository index: failed to cache index to temporary file: failed to fetch https://h/index.yaml : "
)


def generated(reason: str, message: str, *sources: str) -> Object:
    """The ArtifactGenerator of ExternalArtifact app; ``sources`` as Kind/name."""
    taken = [{"alias": s.partition("/")[2], "kind": s.partition("/")[0], "name": s.partition("/")[2]} for s in sources]
    return failing("ArtifactGenerator", "gen", reason, message, spec={"sources": taken, "artifacts": [{"name": "app"}]})


ARTIFACT = made("ExternalArtifact", "app", spec={"sourceRef": {"kind": "ArtifactGenerator", "name": "gen"}})


def waits(kind: str, who: str, for_whom: str, *also: str) -> Object:
    """An object that waits for another by dependsOn; both and ``also`` as namespace/name."""
    namespace, name = who.split("/")
    on = [{"namespace": d.split("/")[0], "name": d.split("/")[1]} for d in (*also, for_whom)]
    source = {"kind": "GitRepository", "name": "apps", "namespace": "apps"}
    spec: Object = {"path": "./", "sourceRef": source} if kind == "Kustomization" else {"chart": {"spec": {"chart": "web"}}}
    message = f"dependency '{for_whom}' is not ready"
    return failing(kind, name, "DependencyNotReady", message, namespace=namespace, spec=spec | {"dependsOn": on})


def circle(kind: str, *members: str) -> list[Object]:
    return [waits(kind, one, other) for one, other in zip(members, (*members[1:], members[0]), strict=True)]


def foreign(*more: Object) -> list[Object]:
    """A release in apps whose chart and repository are in infra."""
    where = {"chart": "web", "version": "1", "sourceRef": {"kind": "HelmRepository", "name": "charts", "namespace": "infra"}}
    message = "no artifact available for HelmRepository source 'charts'"
    labels = by("HelmRelease", "web")
    release = failing("HelmRelease", "web", "SourceNotReady", f"HelmChart 'infra/apps-web' is not ready: {message}",
                      spec={"chart": {"spec": where}}, status={"helmChart": "infra/apps-web"})  # fmt: skip
    return [
        release,
        failing("HelmChart", "apps-web", "NoSourceArtifact", message, namespace="infra", spec=where, labels=labels),
        *more,
    ]


def running(kind: str, name: str, phase: str, status: Object | None = None, **spec: Any) -> Object:
    """An object that its controller works on."""
    now = [
        condition("Reconciling", "True", "Progressing", phase),
        condition("Ready", "Unknown", "Progressing", "Reconciliation in progress"),
    ]
    return made(kind, name, spec=spec, status={"observedGeneration": 1, "conditions": now} | (status or {}))


def older(obj: Object) -> Object:
    """Its conditions speak of an earlier spec."""
    obj["metadata"]["generation"] = 3
    for one in obj["status"]["conditions"]:
        one["observedGeneration"] = 1
    return obj


TWO = [
    *charted(chart("web", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"), failing("HelmRepository", "charts", "Failed", NO_INDEX + "401 Unauthorized", spec={"secretRef": {"name": "login"}}), made("Secret", "login", data={"username": ""})),
    GIT, ks("apps", "ArtifactFailed", PATH), WEB, pod(WEB, [LOOP]),
]  # fmt: skip
INNER = [
    GIT, REPO, ks("apps", "HealthCheckFailed", "health check failed after 30.01s: timeout waiting for: [HelmRelease/apps/inner status: 'InProgress']", status=inventory("apps_inner_helm.toolkit.fluxcd.io_HelmRelease")),
    hr("inner", "SourceNotReady", f"HelmChart 'apps/apps-inner' is not ready: {NO_VERSION}", labels=by("Kustomization", "apps")), chart("inner", "InvalidChartReference", NO_VERSION),
]  # fmt: skip
WEB_OF_RELEASE = deployment(labels=by("HelmRelease", "web"))
CRASHING = [GIT, WEB, pod(WEB, [LOOP])]
SOURCE = {"kind": "GitRepository", "name": "apps"}
UP, DOWN = (deployment("kustomize-controller", up=up, namespace="flux-system") for up in (True, False))

SCENARIOS: dict[str, Scenario] = {
    # producers of artifacts
    "a generator's bucket": Scenario("Kustomization/apps/apps", "bucket-access-denied", "Bucket/apps/b", [ks("apps", "ArtifactFailed", NO_ARTIFACT, source="ExternalArtifact/app"), ARTIFACT, generated("SourceFetchFailed", "get sources failed: source 'Bucket/apps/b' is not ready", "Bucket/b"), failing("Bucket", "b", "BucketOperationFailed", DENIED, spec={"bucketName": "b"})]),
    "a generator that never made it": Scenario("Kustomization/apps/apps", "kustomize-path-not-found", "ArtifactGenerator/apps/gen", [GIT, ks("apps", "ArtifactFailed", 'externalartifacts.source.toolkit.fluxcd.io "app" not found', source="ExternalArtifact/app"), generated("BuildFailed", "app build failed: failed to expand path pattern 'x[': syntax error in pattern", "GitRepository/apps")]),
    "nobody makes the artifact": Scenario("Kustomization/apps/apps", "source-not-found", "ExternalArtifact/apps/app", [ks("apps", "ArtifactFailed", 'externalartifacts.source.toolkit.fluxcd.io "app" not found', source="ExternalArtifact/app")]),
    "a release of a generated chart": Scenario("HelmRelease/apps/web", "source-not-found", "OCIRepository/apps/gone", [failing("HelmRelease", "web", "SourceNotReady", "ExternalArtifact 'apps/app' is not ready: does not have an artifact", spec={"chartRef": {"kind": "ExternalArtifact", "name": "app"}}), ARTIFACT, generated("SourceFetchFailed", 'get sources failed: OCIRepository.source.toolkit.fluxcd.io "gone" not found', "OCIRepository/gone")]),
    "an included repository": Scenario("GitRepository/apps/apps", "network-dns", "GitRepository/apps/lib", [failing("GitRepository", "apps", "NoArtifact", "no artifact available for include 'lib'", spec={"include": [{"repository": {"name": "lib"}}]}), failing("GitRepository", "lib", "GitOperationFailed", NO_HOST)]),
    # charts
    "a chart of one's own": Scenario("HelmRelease/apps/web", "chart-version-not-found", "HelmChart/apps/mine", [REPO, failing("HelmRelease", "web", "SourceNotReady", f"HelmChart 'apps/mine' is not ready: {NO_VERSION}", spec={"chartRef": {"kind": "HelmChart", "name": "mine"}}), failing("HelmChart", "mine", "InvalidChartReference", NO_VERSION, spec={"chart": "web", "sourceRef": {"kind": "HelmRepository", "name": "charts"}})]),
    "a chart from a bucket": Scenario("HelmRelease/apps/web", "bucket-access-denied", "Secret/apps/s3", [hr("web", "SourceNotReady", "HelmChart 'apps/apps-web' is not ready: no artifact available for Bucket source 'b'", source="Bucket/b"), chart("web", "NoSourceArtifact", "no artifact available for Bucket source 'b'", source="Bucket/b"), failing("Bucket", "b", "BucketOperationFailed", DENIED, spec={"secretRef": {"name": "s3"}}), made("Secret", "s3", data={"accesskey": ""})]),
    "a repository of another namespace": Scenario("HelmRelease/apps/web", "registry-auth-failed", "Secret/infra/login", foreign(failing("HelmRepository", "charts", "Failed", NO_INDEX + "401 Unauthorized", namespace="infra", spec={"secretRef": {"name": "login"}}), made("Secret", "login", "infra", data={"username": ""}))),
    "its chart": Scenario("HelmChart/infra/apps-web", "registry-auth-failed", "Secret/infra/login", foreign(failing("HelmRepository", "charts", "Failed", NO_INDEX + "401 Unauthorized", namespace="infra", spec={"secretRef": {"name": "login"}}), made("Secret", "login", "infra", data={"username": ""}))),
    "its secret is absent there": Scenario("HelmRelease/apps/web", "secret-not-found", "Secret/infra/login", foreign(failing("HelmRepository", "charts", "AuthenticationFailed", "failed to get authentication secret: secret 'infra/login' not found", namespace="infra", spec={"secretRef": {"name": "login"}}))),
    "a registry's certificate secret": Scenario("HelmRelease/apps/web", "secret-not-found", "Secret/apps/ca", charted(chart("web", "AuthenticationFailed", "failed to get TLS authentication secret 'apps/ca': secrets \"ca\" not found"), made("HelmRepository", "charts", spec={"type": "oci", "url": "oci://r/charts", "certSecretRef": {"name": "ca"}}))),
    "optional values are not it": Scenario("HelmRelease/apps/web", "template-render-error", "HelmRelease/apps/web", released("execution error at (web/templates/x.yaml:2:4): image.tag is required", valuesFrom=[{"kind": "ConfigMap", "name": "gone", "optional": True}])),
    "retries used up in the words of 2.0": Scenario("HelmRelease/apps/web", "template-render-error", "HelmRelease/apps/web", [REPO, chart(), hr("web", "InstallFailed", "install retries exhausted", (condition("Released", "False", "InstallFailed", 'Helm install failed: template: web/templates/x.yaml:1:2: executing "x" at <.Values.a.b>: nil pointer evaluating interface {}.b'),))]),
    "a release to a cluster that is down": Scenario("HelmRelease/apps/web", "remote-cluster-access", "Secret/apps/remote", [*released('Kubernetes cluster unreachable: Get "https://10.9.9.9:6443/version": dial tcp 10.9.9.9:6443: i/o timeout', kubeConfig={"secretRef": {"name": "remote"}}), made("Secret", "remote", data={"value": ""})]),
    # sources elsewhere
    "a source of another namespace": Scenario("Kustomization/apps/apps", "git-ref-not-found", "GitRepository/infra/mono", [ks("apps", "ArtifactFailed", NO_ARTIFACT, sourceRef={"kind": "GitRepository", "name": "mono", "namespace": "infra"}), failing("GitRepository", "mono", "GitOperationFailed", "unable to clone 'https://h/r': couldn't find remote ref \"refs/heads/x\"", namespace="infra")]),
    "a source of the wrong kind": Scenario("Kustomization/apps/apps", "source-not-found", "Bucket/apps/apps", [GIT, ks("apps", "ArtifactFailed", 'Bucket.source.toolkit.fluxcd.io "apps" not found', source="Bucket/apps")]),
    # dependsOn
    "a dependency of the same name": Scenario("Kustomization/apps/apps", "kustomize-path-not-found", "Kustomization/infra/apps", [GIT, waits("Kustomization", "apps/apps", "infra/apps"), failing("Kustomization", "apps", "ArtifactFailed", PATH, namespace="infra", spec={"sourceRef": SOURCE | {"namespace": "apps"}})]),
    "an absent dependency of another namespace": Scenario("Kustomization/apps/apps", "dependency-not-ready", "Kustomization/infra/base", [GIT, made("Namespace", "infra", ""), waits("Kustomization", "apps/apps", "infra/base")]),
    "a chain of three": Scenario("Kustomization/apps/a", "kustomize-path-not-found", "Kustomization/apps/c", [GIT, waits("Kustomization", "apps/a", "apps/b"), waits("Kustomization", "apps/b", "apps/c"), ks("c", "ArtifactFailed", PATH)]),
    "a circle of three": Scenario("Kustomization/apps/b", "dependency-not-ready", "Kustomization/apps/b", [GIT, *circle("Kustomization", "apps/a", "apps/b", "apps/c")]),
    "a circle over namespaces": Scenario("HelmRelease/two/b", "dependency-not-ready", "HelmRelease/two/b", circle("HelmRelease", "apps/a", "two/b", "three/c")),
    "outside of a circle": Scenario("Kustomization/apps/x", "dependency-not-ready", "Kustomization/apps/a", [GIT, waits("Kustomization", "apps/x", "apps/a"), *circle("Kustomization", "apps/a", "apps/b")]),
    "itself": Scenario("Kustomization/apps/a", "dependency-not-ready", "Kustomization/apps/a", [GIT, waits("Kustomization", "apps/a", "apps/a")]),
    "two dependencies fail": Scenario("Kustomization/apps/a", "git-auth-failed", "GitRepository/apps/two", [GIT, waits("Kustomization", "apps/a", "apps/c", "apps/b"), ks("b", "ArtifactFailed", PATH), ks("c", "ArtifactFailed", NO_ARTIFACT, source="GitRepository/two"), failing("GitRepository", "two", "GitOperationFailed", AUTH)], also="kustomize-path-not-found Kustomization/apps/b"),
    "a dependency that came": Scenario("Kustomization/apps/a", "dependency-not-ready", "Kustomization/apps/apps", [GIT, waits("Kustomization", "apps/a", "apps/apps"), ks("apps")]),
    "a source that came": Scenario("Kustomization/apps/apps", "source-not-found", "GitRepository/apps/apps", applied(NO_ARTIFACT, "ArtifactFailed")),
    "a source that came, and nobody looks": Scenario("Kustomization/apps/apps", "controller-down", "Deployment/flux-system/kustomize-controller", [*applied(NO_ARTIFACT, "ArtifactFailed"), DOWN]),
    "an old event of what waits": Scenario("Kustomization/apps/a", "dependency-not-ready", "Kustomization/apps/apps", [GIT, waits("Kustomization", "apps/a", "apps/apps"), ks("apps"), event("Kustomization/a", "BuildFailed", "kustomize build failed: x: no such file or directory")]),
    "a source whose new spec nobody looks at": Scenario("HelmRelease/apps/web", "controller-down", "Deployment/flux-system/source-controller", [REPO, hr("web", "SourceNotReady", "HelmChart 'apps/apps-web' is not ready: latest generation of object has not been reconciled"), older(chart()), deployment("source-controller", namespace="flux-system")]),
    # two at once
    "two in a namespace, from the release": Scenario("HelmRelease/apps/web", "registry-auth-failed", "Secret/apps/login", TWO),
    "two in a namespace, from the other": Scenario("Kustomization/apps/apps", "kustomize-path-not-found", "Kustomization/apps/apps", TWO),
    "a path and then its source": Scenario("Kustomization/apps/apps", "kustomize-path-not-found", "Kustomization/apps/apps", [failing("GitRepository", "apps", "GitOperationFailed", AUTH), ks("apps", "ArtifactFailed", PATH)], also="git-auth-failed GitRepository/apps/apps"),
    "a template and then its repository": Scenario("HelmRelease/apps/web", "template-render-error", "HelmRelease/apps/web", [*released("execution error at (web/templates/x.yaml:2:4): image.tag is required")[1:], failing("HelmRepository", "charts", "Failed", NO_INDEX + "404 Not Found")], also="helm-repo-unreachable HelmRepository/apps/charts"),
    "a path and a suspended parent": Scenario("Kustomization/apps/apps", "kustomize-path-not-found", "Kustomization/apps/apps", [*applied(PATH, "ArtifactFailed", labels=by("Kustomization", "root", "flux-system")), made("Kustomization", "root", "flux-system", spec={"suspend": True, "sourceRef": {"kind": "GitRepository", "name": "flux-system"}}), ready("GitRepository", "flux-system", "flux-system")], also="object-suspended Kustomization/flux-system/root"),
    # waits
    "a release that is waited for": Scenario("Kustomization/apps/apps", "chart-version-not-found", "HelmRelease/apps/inner", INNER),
    "the chart of that release": Scenario("HelmChart/apps/apps-inner", "chart-version-not-found", "HelmRelease/apps/inner", INNER),
    "a source that is waited for": Scenario("Kustomization/apps/apps", "network-dns", "GitRepository/apps/other", [GIT, ks("apps", "HealthCheckFailed", "health check failed after 30s: timeout waiting for: [GitRepository/apps/other status: 'InProgress']", status=inventory("apps_other_source.toolkit.fluxcd.io_GitRepository")), failing("GitRepository", "other", "GitOperationFailed", NO_HOST)]),
    "a wait that runs": Scenario("Kustomization/apps/apps", "workload-crashloop", "Deployment/apps/web", [*CRASHING, running("Kustomization", "apps", "Running health checks for revision main@sha1:1 with a timeout of 5m0s", inventory("apps_web_apps_Deployment"), sourceRef=SOURCE)]),
    "an installation that runs": Scenario("HelmRelease/apps/web", "workload-crashloop", "Deployment/apps/web", [REPO, chart(), running("HelmRelease", "web", "Running 'install' action with timeout of 5m0s", {"helmChart": "apps/apps-web"}, chart={"spec": {"chart": "web", "sourceRef": {"kind": "HelmRepository", "name": "charts"}}}), WEB_OF_RELEASE, pod(WEB_OF_RELEASE, [LOOP])]),
    "a wait that was cut off": Scenario("Kustomization/apps/apps", "workload-crashloop", "Deployment/apps/web", [*CRASHING, ks("apps", "HealthCheckCanceled", "New reconciliation triggered by GitRepository/apps/apps", status=inventory("apps_web_apps_Deployment"))]),
    # conditions about an earlier spec
    "an old failure, and nobody looks": Scenario("Kustomization/apps/apps", "controller-down", "Deployment/flux-system/kustomize-controller", [GIT, older(ks("apps", "ArtifactFailed", PATH)), DOWN], also="kustomize-path-not-found Kustomization/apps/apps"),
    "an old failure": Scenario("Kustomization/apps/apps", "kustomize-path-not-found", "Kustomization/apps/apps", [GIT, older(ks("apps", "ArtifactFailed", PATH)), UP]),
}  # fmt: skip
