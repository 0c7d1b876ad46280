"""The Flux controllers themselves: running, starved, out of step with the cluster, or defective."""

from flux_cli.diagnosis.rules._model import DECISIVE, GENERIC, SPECIFIC, Example, Rule

SEE = (
    "kubectl get pods -n {root_namespace}",
    "kubectl describe deployment {root_name} -n {root_namespace}",
    "kubectl logs -n {root_namespace} deployment/{root_name} --previous --tail=30",
)

# fmt: off
RULES = (
    Rule(
        "controller-memory", "controller-oom",
        (
            "near oom", "controller: oomkilled", "oomkilled … controller", "controller … oomkilled",
            "last state oomkilled", "oomkilled every",
        ),
        ("controller",),
        "{root} needs more memory than its limit and is killed again and again, so nothing that it "
        "handles goes on.",
        ("kubectl patch deployment {root_name} -n {root_namespace} --type=json -p "
            '\'[{{"op":"replace","path":"/spec/template/spec/containers/0/resources/limits/memory","value"'
            ':"2Gi"}}]\'  # and in Git', *SEE),
        (
            Example("Kustomization", "CrashLoopBackOff, last state OOMKilled, exit code 137 (memory grows "
                                  "from 700 MiB to over 3.2 GiB in 20 s)"),
            Example("Deployment", "source-controller: OOMKilled"),
            Example("HelmRelease", "Memory usage is near OOM (960/1024), shutting down"),
        ),
        rank=DECISIVE + 5,
    ),
    Rule(
        "controller-oom-state", "controller-oom",
        (),
        ("controller",),
        "{root} needs more memory than its limit and is killed again and again, so nothing that it "
        "handles goes on.",
        SEE,
        (Example("Deployment", "source-controller: OOMKilled, 7 restarts", state="controller-oom"),),
        states=("controller-oom",), rank=DECISIVE + 5,
    ),
    Rule(
        "controller-stopped", "controller-down",
        (
            "leader election lost", "failed to renew lease", "failed to query with labels: unauthorized",
            'get "http://source-controller.', 'no endpoints available for service "source-controller',
            "client rate limiter … flux", "controller … crashloopbackoff", "reason:       completed",
            "unable to continue leading", "waited for … due to client-side throttling",
            "source-controller … connection refused",
        ),
        ("controller",),
        "{root} does not run, restarts, or has lost its way to the API server.",
        SEE,
        (
            Example("Deployment", "source-controller Running, 73 restarts; log ends with leader election lost"),
            Example("HelmRelease", "reconciliation failed: failed to get last release revision: query: "
                                  "failed to query with labels: Unauthorized"),
            Example("HelmRelease", 'Get "http://source-controller.gotk-system/helmchart/a/b/b-v0.15.5.tgz"'
                                  ": dial tcp 172.70.139.122:80: connect: connection refused"),
        ),
        unless=("failed to download", "giving up after", "could not load chart"), rank=SPECIFIC + 8,
    ),
    Rule(
        "api-server", "controller-down",
        (
            "failed to wait for object to sync in-cache", "etcdserver: request timed out", "etcdserver: leader changed",
            "dry-run failed … currently unable to handle the request", "kubernetes cluster unreachable",
            "/api/v1…dial tcp", "/apis/…dial tcp", "/api?timeout…dial tcp", "apiserver not ready",
            "/api?timeout…deadline exceeded", "/apis/…deadline exceeded", "/api?timeout…handshake timeout", "/apis/…handshake timeout",
            "/api/v1/namespaces…deadline exceeded",
        ),
        ("controller",),
        "The API server does not answer {root}, or answers too late.",
        (
            "kubectl get --raw='/readyz?verbose'",
            "kubectl get networkpolicy -n {root_namespace}",
            "kubectl logs -n {root_namespace} deployment/{root_name} --tail=30",
        ),
        (
            Example("HelmRelease", "Helm install failed for release apps/web with chart web@1: Kubernetes cluster unreachable: "
                                  'Get "https://10.96.0.1:443/version": dial tcp 10.96.0.1:443: connect: connection refused', "InstallFailed"),
            Example("Kustomization", "failed to get API group resources: unable to retrieve the complete list of server APIs: "
                                  'v1: Get "https://10.96.0.1:443/api/v1": dial tcp 10.96.0.1:443: i/o timeout', "ReconciliationFailed"),
            Example("HelmRelease", "failed to wait for object to sync in-cache after patching: timed out waiting for the condition"),
        ),
        unless=("kubeconfig", "kube client", "webhook", "source-controller"), rank=SPECIFIC + 9,
    ),
    Rule(
        "controller-stopped-state", "controller-down",
        (),
        ("controller",),
        "{root} does not run ({what}), so nothing that it handles goes on.",
        SEE,
        (Example("Deployment", "kustomize-controller: 0 of 1 replicas", state="controller-down"),),
        states=("controller-down",), rank=DECISIVE,
    ),
    Rule(
        "sharded-away", "controller-down",
        (),
        ("self",),
        "{object} carries {what}, and the controllers for its kind that run here watch others only ({watched}).",
        (
            "kubectl label {kind_lower} {name} -n {namespace} sharding.fluxcd.io/key-",
            "kubectl get deployment -n flux-system -o yaml | grep watch-label-selector",
        ),
        (Example("Kustomization", "sharding.fluxcd.io/key=shard9", state="sharded"),),
        states=("sharded",), rank=SPECIFIC,
    ),
    Rule(
        "never-handled", "controller-down",
        (),
        ("controller",),
        "The controller has not looked at {object} as it is now ({what}).",
        ("flux check", "flux logs --kind={kind} --name={name} -n {namespace}", *SEE),
        (Example("Kustomization", "generation 2, observed 1", state="not-handled"),),
        states=("not-handled",), rank=GENERIC,
    ),
    Rule(
        "kubernetes-version", "controller-version-skew",
        ("chart requires kubeversion", "incompatible with kubernetes", "kubeversion"),
        ("self",),
        "The chart wants another Kubernetes version than this cluster runs.",
        ("kubectl version", "kubectl edit helmrelease {release_name} -n {release_namespace}  # a chart version that fits"),
        (
            Example("HelmRelease", "Helm install failed for release a/b with chart c@1: chart requires "
                                  "kubeVersion: >=99.0.0 which is incompatible with Kubernetes v1.36.3", "InstallFailed"),
        ),
        rank=DECISIVE,
    ),
    Rule(
        "flux-versions", "controller-version-skew",
        (
            "toolkit.fluxcd.io/v…no matches for kind", 'in version "kustomize.toolkit.fluxcd.io',
            'in version "helm.toolkit.fluxcd.io', 'in version "source.toolkit.fluxcd.io',
            'in version "image.toolkit.fluxcd.io', 'in version "notification.toolkit.fluxcd.io',
            'in version "source.extensions.fluxcd.io', "storedversions", "must appear in spec.versions",
            "missing from spec.versions", "request to convert cr",
            "unknown flag: --",
        ),
        ("manifest",),
        "Controllers, CRDs, command line and manifests of Flux are not of the same version.",
        ("flux version", "flux check", "flux migrate", "flux install --export | kubectl diff -f -"),
        (
            Example("Kustomization", 'no matches for kind "Kustomization" in version '
                                  '"kustomize.toolkit.fluxcd.io/v1beta2"'),
            Example("Kustomization", 'gitrepositories Invalid value: "v1": must appear in spec.versions'),
        ),
        captures=("kind_version",), rank=DECISIVE + 1,
    ),
    Rule(
        "feature-gate", "controller-version-skew",
        ("please enable the … feature gate", "feature gate is disabled"),
        ("self",),
        "{object} uses a field whose feature gate is off in the controller.",
        ("kubectl edit deployment -n flux-system  # --feature-gates=NAME=true",),
        (
            Example("OCIRepository", "to use spec.serviceAccountName for provider authentication please "
                                  "enable the ObjectLevelWorkloadIdentity feature gate in the controller", "FeatureGateDisabled"),
            Example("Kustomization",
                "can't access 'ExternalArtifact/apps/app', ExternalArtifact feature gate is disabled", "AccessDenied"),
        ),
        reasons=("FeatureGateDisabled",), rank=SPECIFIC,
    ),
    Rule(
        "removed-field", "controller-version-skew",
        ("template uses removed",),
        ("self",),
        "The commit message's template of {object} uses a field that this version of Flux no longer has.",
        ("kubectl edit imageupdateautomation {name} -n {namespace}  # spec.git.commit.messageTemplate: .Changed instead of .Updated",),
        (
            Example("ImageUpdateAutomation", "template uses removed '.Updated' field. Please use '.Changed' instead.", "RemovedTemplateField"),
            Example("ImageUpdateAutomation", "template uses removed '.Other' field."),
        ),
        kinds=("ImageUpdateAutomation",), reasons=("RemovedTemplateField",), rank=DECISIVE,
    ),
    Rule(
        "defect", "controller-defect",
        (
            "accessor error", "invalid memory address", "observed a panic", "runtime error:",
            "revision string format incorrect", "nil pointer dereference",
        ),
        ("controller",),
        "This is a fault of a Flux release; another version mends it.",
        ("flux version", "flux check --pre", "kubectl logs -n {root_namespace} deployment/{root_name} --tail=100"),
        (
            Example("Kustomization", "timeout waiting for: [SubNamespace/a/b status: 'Unknown': looking up "
                                  "status.observedGeneration from resource: .status.observedGeneration "
                                  "accessor error: ok is of the type string"),
            Example("Alert", "Revision string format incorrect: "
                                  "environment/dv01aws/e0358f0de99e1a078105b05ec2e18a8f242aef5694a"),
        ),
        unless=("kustomize build panic",), rank=DECISIVE + 7,
    ),
    Rule(
        "policy-stuck", "controller-defect",
        ("no tags in database…successful scan", "successful scan…no tags in database"),
        ("controller",),
        "The scan succeeded, yet the policy still finds no tags: a fault of image-reflector-controller 2.7.",
        (
            "flux reconcile image repository {name} -n {namespace}",
            "kubectl rollout restart deployment image-reflector-controller -n flux-system",
        ),
        (Example("ImagePolicy", "no tags in database\nsuccessful scan: found 90 tags with checksum 1062959527"),),
        kinds=("ImagePolicy",), rank=DECISIVE,
    ),
    Rule(
        "retry-loop", "controller-defect",
        ("retrying after",),
        ("self",),
        "{object} only ever retries and names no failure: look at Released and at the log; where they "
        "are silent, it is a fault of the release.",
        ("flux logs --kind=HelmRelease --name={name} -n {namespace} --level=error", "flux version"),
        (Example("HelmRelease", "retrying after 5m0s", "ProgressingWithRetry"),),
        kinds=("HelmRelease",), rank=4,
    ),
    Rule(
        "disk", "storage-full",
        (
            "disk full", "not enough space", "read only file system", "no space left on device",
            "disk quota exceeded", "read-only file system", "tmp dir error",
            "failed to create temporary working directory", "failed to create artifact directory", "enospc",
        ),
        ("controller",),
        "{root} cannot write: its volume or its node is full, or mounted read-only.",
        (
            "kubectl exec -n {root_namespace} deployment/{root_name} -- df -h /tmp /data",
            "kubectl describe nodes | grep -A6 Conditions",
            "kubectl rollout restart deployment {root_name} -n {root_namespace}",
        ),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'https://h/r': write "
                                  "/tmp/gitrepository-a-b-1/.git/objects/pack/tmp_pack_1: no space left "
                                  "on device"),
            Example("Kustomization",
                "tmp dir error: mkdir /tmp/x: read-only file system", "DirectoryCreationFailed"),
        ),
        rank=DECISIVE + 8,
    ),
    Rule(
        "storage-reason", "storage-full",
        (
            "failed to stat target artifact path", "failed to stat source path", "unable to archive artifact to storage",
            "unable to save artifact to storage", "unable to copy artifact to storage", "failed to acquire lock for artifact",
        ),
        ("controller",),
        "{root} has trouble with its storage.",
        ("kubectl describe deployment {root_name} -n {root_namespace}",),
        (Example("OCIRepository", "odd", "ArchiveOperationFailed"),),
        reasons=(
            "DirectoryCreationFailed", "StatOperationFailed", "ArchiveOperationFailed", "StorageOperationFailed",
            "AcquireLockFailed",
        ),
    ),
)
