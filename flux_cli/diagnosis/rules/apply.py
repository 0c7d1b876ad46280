"""What the API server says to a manifest: kinds, fields, owners, limits, quotas, policies, webhooks, namespaces."""

from flux_cli.diagnosis.rules._model import DECISIVE, SPECIFIC, Example, Rule
from flux_cli.diagnosis.rules.chart import INSTALL

APPLIERS = ("Kustomization", "HelmRelease")
DRY = "flux diff kustomization {name} -n {namespace} --path {path}"

# fmt: off
RULES = (
    Rule(
        "crd-absent", "crd-missing",
        (
            "unable to recognize", "failed to get api group resources", "could not find … customresourcedefinition",
            "unable to retrieve the complete list of server apis", "no matches for kind",
            "ensure crds are installed first", "resource mapping not found",
            "the server could not find the requested resource", "no kind is registered",
            "could not find the requested resource",
        ),
        ("manifest",),
        "The cluster does not know the kind[ {missing_kind}][ ({missing_version})]: its CRD is not "
        "installed, or not yet.",
        (
            "kubectl api-resources | grep -i {missing_kind}",
            "kubectl edit {kind_lower} {name} -n {namespace}  # dependsOn what installs the CRD, with "
            "wait: true there",
        ),
        (
            Example("HelmRelease", INSTALL + ("unable to build kubernetes objects from release manifest: "
                                  'resource mapping not found for name: "x" namespace: "" from '
                                  '"": no matches for kind "ServiceMonitor" in version '
                                  '"monitoring.coreos.com/v1"\nensure CRDs are installed first')),
            Example("Kustomization", "ClusterSecretStore/x dry-run failed, error: no matches for kind "
                                  '"ClusterSecretStore" in version "external-secrets.io/v1alpha1"'),
            Example("Kustomization", "ServiceMonitor/apps/x dry-run failed: no matches for kind "
                                  '"ServiceMonitor" in version "monitoring.coreos.com/v1"', "ReconciliationFailed"),
        ),
        kinds=APPLIERS,
        unless=(
            'in version "policy/v1beta1', 'in version "networking.k8s.io/v1beta1', 'in version "extensions/',
            'in version "apps/v1beta', 'in version "batch/v1beta1', 'in version "autoscaling/v2beta',
            "namespace not specified", "toolkit.fluxcd.io/v", 'in version "rbac.authorization.k8s.io/v1beta1',
            'in version "apiextensions.k8s.io/v1beta1', 'in version "flowcontrol',
            'in version "storage.k8s.io/v1beta1', 'in version "admissionregistration.k8s.io/v1beta1',
        ),
        captures=("kind_version",), rank=SPECIFIC + 5,
    ),
    Rule(
        "api-removed", "api-version-removed",
        (
            "removed kubernetes api(s)", "deprecated api", "does not exist in … removed api",
            'in version "policy/v1beta1', 'in version "networking.k8s.io/v1beta1', 'in version "extensions/',
            'in version "apps/v1beta', 'in version "batch/v1beta1', 'in version "autoscaling/v2beta',
            'in version "rbac.authorization.k8s.io/v1beta1', 'in version "apiextensions.k8s.io/v1beta1',
            'in version "flowcontrol', 'in version "storage.k8s.io/v1beta1',
            'in version "admissionregistration.k8s.io/v1beta1',
            "unable to build kubernetes objects from current release manifest",
            "unable to build kubernetes objects from deleted", "is no longer served", "deprecated in kubernetes",
        ),
        ("manifest",),
        "The API version[ {missing_version}][ of {missing_kind}] is not served any more by this Kubernetes.",
        (
            "kubectl api-versions", "kubectl convert -f FILE --output-version GROUP/VERSION  # in the files",
            "helm mapkubeapis {name} -n {namespace}  # where the stored release still names it",
        ),
        (
            Example("Kustomization", "PodDisruptionBudget/apps/x dry-run failed: no matches for kind "
                                  '"PodDisruptionBudget" in version "policy/v1beta1"'),
            Example("HelmRelease", "Helm upgrade failed for release a/b with chart c@2: unable to build "
                                  "kubernetes objects from current release manifest: resource mapping "
                                  'not found for name: "x": no matches for kind "Ingress" in version '
                                  '"extensions/v1beta1"'),
        ),
        kinds=APPLIERS, captures=("kind_version",), rank=SPECIFIC + 7,
    ),
    Rule(
        "immutable", "immutable-field",
        (
            "can not be unset", "primary clusterip", "may not be updated", "cannot be decreased",
            "can not be decreased", "spec is immutable", "cannot set more than once", "selector … immutable",
            "field is immutable", "updates to statefulset spec for fields other than", "immutable field detected",
            "is immutable", "may not change once set", "field can not be changed", "cannot be changed",
            "may not be changed", "updates to … are forbidden", "only dynamically provisioned pvc can be resized", "job.batch … is invalid: spec.template",
            "field is not mutable", "persistentvolumeclaim … is immutable", "can not be updated",
            "cannot change roleref", "cannot be updated", "may not change fields other than", "less than status.capacity",
            "less than previous value",
        ),
        ("manifest",),
        "A field was changed that Kubernetes does not let change: the object has to be deleted and made "
        "anew, or the change undone.",
        (
            "kubectl delete {at_kind} {at_name} -n {at_namespace} --cascade=orphan",
            "kubectl annotate {at_kind} {at_name} -n {at_namespace} kustomize.toolkit.fluxcd.io/force=enabled",
            "flux reconcile {verb_kind} {name} -n {namespace}",
        ),
        (
            Example("Kustomization", "Deployment/apps/front dry-run failed (Invalid): Deployment.apps "
                                  '"front" is invalid: spec.selector: Invalid value: '
                                  '{"matchLabels":{"app":"front"}}: field is immutable', "ReconciliationFailed"),
            Example("HelmRelease", 'Helm upgrade failed for release a/b with chart c@2: cannot patch "db" '
                                  'with kind StatefulSet: StatefulSet.apps "db" is invalid: spec: '
                                  "Forbidden: updates to statefulset spec for fields other than "
                                  "'replicas', 'template' are forbidden"),
            Example("Kustomization", "Job/application/pre-deploy dry-run failed, reason: Invalid, error: "
                                  'Job.batch "pre-deploy" is invalid: spec.template: Invalid value:'),
        ),
        kinds=APPLIERS, captures=("object",), rank=DECISIVE,
    ),
    Rule(
        "ownership", "ownership-conflict",
        (
            "apply failed with 2 conflicts", 'conflicts with "kubectl', 'conflict with "kubectl',
            "invalid ownership metadata", "cannot be imported into the current release",
            "apply failed with … conflict", 'conflict with "', 'conflicts with "',
            "conflict occurred while applying", "already exists and is not managed",
            "rendered manifests contain a resource that already exists", "is managed by another",
            "already managed by", '" already exists',
        ),
        ("conflict", "existing"),
        "An object that {object} brings belongs to somebody else already: another release, or another "
        "field manager.",
        (
            "kubectl get {at_kind} {at_name} -n {at_namespace} --show-managed-fields -o yaml",
            "kubectl annotate {at_kind} {at_name} -n {at_namespace} meta.helm.sh/release-name={name} "
            "meta.helm.sh/release-namespace={namespace}",
            "kubectl label {at_kind} {at_name} -n {at_namespace} app.kubernetes.io/managed-by=Helm",
        ),
        (
            Example("HelmRelease", INSTALL + ('Unable to continue with install: ServiceAccount "web" in '
                                  'namespace "apps" exists and cannot be imported into the '
                                  "current release: invalid ownership metadata; label "
                                  "validation error")),
            Example("Kustomization", "Deployment/apps/x apply failed: Apply failed with 1 conflict: "
                                  'conflict with "kubectl" using apps/v1: .spec.replicas', "ReconciliationFailed"),
            Example("HelmRelease", INSTALL + 'create: failed to create: configmaps "web" already exists'),
            Example("CustomResourceDefinition", 'error: Apply failed with 1 conflict: conflict with "helm-controller" '
                                  "using apiextensions.k8s.io/v1: .spec.versions"),
        ),
        unless=("hook", "crds-upgrade", 'conflicts with "helm-controller"', "sh.helm.release", "denied the request"),
        captures=("owned", "applied", "object", "existing"),
        rank=DECISIVE,
    ),
    Rule(
        "policy", "admission-denied",
        (
            "denied by", "is not allowed by policy", "gatekeeper", "kyverno … blocked", "has prevented the request",
            "forbidden by policy", "denied request:", "denied the request", "violates podsecurity",
            "validatingadmissionpolicy", "admission webhook … denied", "blocked by policy", "policy violation",
            "[denied by",
        ),
        ("manifest",),
        "An admission policy refuses what {object} applies; the manifest has to satisfy it.",
        (
            "kubectl get validatingadmissionpolicies,validatingwebhookconfigurations",
            "kubectl get validatingadmissionpolicy {policy} -o yaml", DRY,
        ),
        (
            Example("Kustomization", 'ConfigMap/apps/one dry-run failed (Invalid): configmaps "one" is '
                                  "forbidden: ValidatingAdmissionPolicy 'no-configmaps' with binding "
                                  "'no-configmaps' denied request: every ConfigMap needs an owner label", "ReconciliationFailed"),
            Example("Kustomization", "Deployment/apps/x dry-run failed, reason: Forbidden, error: admission "
                                  'webhook "validation.gatekeeper.sh" denied the request: '
                                  '[require-labels] you must provide labels: {"owner"}'),
            Example("ReplicaSet", 'FailedCreate: Error creating: pods "web-1" is forbidden: violates '
                                  'PodSecurity "restricted:latest": allowPrivilegeEscalation != false'),
        ),
        unless=("delete failed", "failed calling webhook"), captures=("policy", "webhook"), rank=DECISIVE + 3,
    ),
    Rule(
        "webhook-down", "admission-webhook-unavailable",
        (
            "no endpoints available for service", "service … not found … webhook", "conversion webhook",
            "failed calling conversion webhook", "failed calling webhook", "failed to call webhook",
            "failed calling admission webhook", "does not support dry run", "webhook … no endpoints available",
            "conversion webhook for … failed", "webhook does not support dry",
        ),
        ("webhook", "manifest"),
        "The API server cannot get an answer from the webhook[ {webhook}], so it refuses to apply anything "
        "that has to pass it.",
        (
            "kubectl get {root_kind_lower} {root_name} -o yaml  # which service it calls",
            "kubectl get pods,endpoints -A | grep -i webhook",
            "kubectl delete {root_kind_lower} {root_name}  # only where its owner is gone for good",
        ),
        (
            Example("Kustomization", "ExternalSecret/a/b dry-run failed (InternalError): Internal error "
                                  "occurred: failed calling webhook "
                                  '"validate.externalsecret.external-secrets.io": failed to call '
                                  'webhook: Post "https://x.svc:443/y?timeout=5s": dial tcp '
                                  "10.0.0.1:443: connect: connection refused", "ReconciliationFailed"),
            Example("HelmRelease", INSTALL + ("Internal error occurred: failed calling webhook "
                                  '"pilot.validation.istio.io": Post '
                                  "https://istio-galley.istio-system.svc:443/admitpilot?timeout"
                                  '=30s: no endpoints available for service "istio-galley"')),
            Example("Kustomization", "CouchbaseBucket/a/b dry-run failed, reason: BadRequest, error: "
                                  'admission webhook "x.couchbase.svc" does not support dry run'),
            Example("Kustomization", "Thing/apps/x dry-run failed (InternalError): conversion webhook for x.io/v1, Kind=Thing "
                                  'failed: Post "https://x.y.svc:443/convert?timeout=30s": no endpoints available for service "x"'),
        ),
        captures=("webhook", "conversion"), rank=DECISIVE + 6,
    ),
    Rule(
        "namespace-ending", "namespace-missing",
        (
            "is being terminated", "namespace … terminating", "because it is being terminated",
            "namespace is terminating",
        ),
        ("ending-namespace", "self"),
        "The namespace {ending_namespace} is being deleted and takes nothing new.",
        (
            "kubectl get namespace {root_name} -o yaml  # status.conditions say what holds it",
            "kubectl api-resources --verbs=list --namespaced -o name | xargs -n1 kubectl get -n "
            "{root_name} --ignore-not-found",
        ),
        (
            Example("Kustomization", 'ConfigMap/old/one dry-run failed (Forbidden): configmaps "one" is '
                                  "forbidden: unable to create new content in namespace old because it "
                                  "is being terminated"),
        ),
        captures=("missing_namespace",), rank=DECISIVE + 4,
    ),
    Rule(
        "namespace-absent", "namespace-missing",
        (
            'namespaces "…not found', 'namespaces \\"…not found', 'namespace "…not found', "namespace not specified",
            "failed to create resource: namespaces", "an empty namespace may not be set",
        ),
        ("target-namespace",),
        "The namespace[ {missing_namespace}] does not exist, and nothing that {object} applies creates it first.",
        (
            "kubectl create namespace {missing_namespace}",
            "kubectl edit {kind_lower} {name} -n {namespace}  # targetNamespace; HelmRelease: "
            "install.createNamespace: true",
        ),
        (
            Example("Kustomization",
                'ConfigMap/not-made/one not found: namespaces "not-made" not found', "ReconciliationFailed"),
            Example("HelmRelease",
                INSTALL + 'create: failed to create: namespaces "simple" not found', "InstallFailed"),
            Example("Kustomization", "ConfigMap/one namespace not specified: the server could not find the "
                                  "requested resource"),
        ),
        unless=("is forbidden: user",), captures=("missing_namespace",), rank=DECISIVE,
    ),
)
