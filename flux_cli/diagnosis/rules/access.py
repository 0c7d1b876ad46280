"""Who may do what: references across namespaces, rights, kubeconfigs of other clusters, Secrets that are named but absent."""

from flux_cli.diagnosis.rules._model import DECISIVE, GENERIC, SPECIFIC, Example, Rule

# fmt: off
RULES = (
    Rule(
        "cross-namespace", "cross-namespace-ref-denied",
        (
            "cross-namespace references have been blocked", "cross-namespace references are not allowed",
            "cross-namespace reference to source", "access denied to cross-namespace", "' access denied",
            "cross namespace reference", "access denied: ", "not accessible from the namespace",
        ),
        ("release", "self"),
        "{object} refers to another namespace, and the controllers forbid that "
        "(--no-cross-namespace-refs or an access list).",
        (
            "kubectl edit {kind_lower} {name} -n {namespace}  # refer to an object of the same namespace",
            "kubectl get deployment -n flux-system -o yaml | grep cross-namespace",
        ),
        (
            Example("Kustomization", "can't access 'GitRepository/other/apps', cross-namespace references "
                                  "have been blocked", "AccessDenied"),
            Example("HelmRelease", "cross-namespace references are not allowed: cannot access "
                                  "HelmRepository infra/charts", "AccessDenied"),
            Example("ImagePolicy", "failed to get the referred ImageRepository: cannot access "
                                  "'ImageRepository/a/b', cross-namespace references have been blocked", "AccessDenied"),
            Example("ArtifactGenerator",
                "cross-namespace reference to source GitRepository/a/b is not allowed", "AccessDenied"),
        ),
        unless=("bucket", "keycloak", "s3"), rank=DECISIVE,
    ),
    Rule(
        "access-denied", "cross-namespace-ref-denied",
        (),
        ("release", "self"),
        "{object} may not use the object that it refers to.",
        ("kubectl describe {kind_lower} {name} -n {namespace}",),
        (Example("Kustomization", "odd", "AccessDenied"),),
        reasons=("AccessDenied",), rank=GENERIC,
    ),
    Rule(
        "rights", "rbac-forbidden",
        (
            'is forbidden: user \\"system:serviceaccount:', 'is forbidden: user "system:serviceaccount:',
            'is forbidden: user "', 'is forbidden: user \\"', "cannot impersonate resource",
            "is attempting to grant rbac permissions", "user cannot", "forbidden: user",
        ),
        ("account", "serviceaccount", "self"),
        "The service account[ {account}] lacks a Role or ClusterRole for what {object} does[: it may not {verb} {resource}].",
        (
            "kubectl auth can-i {verb} {resource} "
            "--as=system:serviceaccount:{account_namespace}:{account} -n {namespace}",
            "kubectl create rolebinding {account}-admin -n {namespace} --clusterrole=admin "
            "--serviceaccount={account_namespace}:{account}",
        ),
        (
            Example("HelmRelease", "Could not determine release state: failed to retrieve last release "
                                  "from storage: query: failed to query with labels: secrets is "
                                  'forbidden: User "system:serviceaccount:apps:deployer" cannot list '
                                  'resource "secrets" in API group "" in the namespace "apps"', "StateError"),
            Example("Kustomization", 'Deployment/apps/x dry-run failed (Forbidden): deployments.apps "x" is '
                                  'forbidden: User "system:serviceaccount:apps:team" cannot patch '
                                  'resource "deployments" in API group "apps" in the namespace "apps"', "ReconciliationFailed"),
            Example("Kustomization", "ConfigMap/apps/one dry-run failed, reason: Forbidden, error: "
                                  'configmaps "one" is forbidden: User "system:serviceaccount:apps:team" '
                                  'cannot patch resource "configmaps" in API group "" in the namespace "apps"'),
        ),
        unless=("failed calling webhook",), captures=("account", "right"), rank=DECISIVE,
    ),
    Rule(
        "account-absent", "rbac-forbidden",
        ('serviceaccounts "', 'serviceaccount "', "failed to confirm serviceaccount", "failed to impersonate"),
        ("named-account", "serviceaccount", "self"),
        "{object} acts as a service account[, {other},] that does not exist.",
        (
            "kubectl create serviceaccount {root_name} -n {root_namespace}  # and bind the rights it needs",
            "kubectl edit {kind_lower} {name} -n {namespace}  # spec.serviceAccountName",
        ),
        (
            Example("HelmRelease", "failed to confirm ServiceAccount 'apps/deployer' can be used to "
                                  'uninstall release: serviceaccounts "deployer" not found'),
        ),
        kinds=("Kustomization", "HelmRelease"), unless=("is forbidden: user", "error looking up service account"),
        rank=SPECIFIC,
    ),
    Rule(
        "cloud-account", "registry-auth-failed",
        ("failed to get service account", 'serviceaccounts "', "serviceaccount '…not found"),
        ("serviceaccount", "self"),
        "{object} logs in with a service account[, {other},] that does not exist or has no cloud role.",
        ("kubectl get serviceaccount {root_name} -n {root_namespace} -o yaml",),
        (
            Example("OCIRepository",
                'failed to get credential: serviceaccounts "puller" not found', "AuthenticationFailed"),
        ),
        kinds=("OCIRepository", "ImageRepository", "Bucket", "HelmRepository"), unless=("image pull secret",),
        rank=SPECIFIC + 3,
    ),
    Rule(
        "kubeconfig", "remote-cluster-access",
        (
            "kubeconfig secret", "unable to read kubeconfig", "kubeconfig configmap", "invalid kubeconfig",
            "failed to build kube client", "could not get kubeconfig", "does not contain a 'value'", "kubeconfig",
            "couldn't get version/kind; json parse error", "failed to load kubeconfig",
            "no configuration has been provided", "cluster unreachable … x509", "cluster unreachable … no such host",
            "cluster unreachable … unauthorized",
        ),
        ("kubeconfig", "named-secret", "self"),
        "{object} deploys to another cluster, and its kubeconfig[, {other},] is absent, unreadable or leads nowhere.",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys  # "
            "wants the key value or value.yaml",
            "kubectl create secret generic {root_name} -n {root_namespace} --from-file=value=./kubeconfig",
        ),
        (
            Example("Kustomization", "unable to read KubeConfig secret 'apps/remote' error: secrets "
                                  '"remote" not found', "ReconciliationFailed"),
            Example("Kustomization", "KubeConfig secret 'apps/remote' does not contain a 'value' key with a "
                                  "kubeconfig"),
            Example("HelmRelease",
                'could not get KubeConfig secret \'apps/remote\': Secret "remote" not found', "RESTClientError"),
        ),
        kinds=("Kustomization", "HelmRelease"), unless=("cannot impersonate resource",), captures=("secret",), rank=DECISIVE + 1,
    ),
    Rule(
        "remote-cluster-connection", "remote-cluster-access",
        (),
        ("kubeconfig", "self"),
        "{object} deploys to another cluster, and that cluster does not answer or refuses the "
        "credentials of {root}.",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data.value}}' | base64 "
            "-d > remote.yaml && kubectl --kubeconfig remote.yaml version",
        ),
        (
            Example("Kustomization", 'Get "https://10.0.0.1:6443/api": dial tcp 10.0.0.1:6443: connect: '
                                  "connection refused", state="remote-cluster"),
        ),
        states=("remote-cluster",), rank=DECISIVE + 2,
    ),
    Rule(
        "rest-client", "remote-cluster-access",
        (),
        ("kubeconfig", "self"),
        "{object} cannot build a client for its target cluster.",
        ("kubectl describe helmrelease {release_name} -n {release_namespace}",),
        (Example("HelmRelease", "odd", "RESTClientError"),),
        kinds=("HelmRelease",),
        reasons=("RESTClientError", "FactoryError", "ResourceManagerError", "ConfigFactoryErr"), rank=GENERIC,
    ),
    Rule(
        "secret-absent", "secret-not-found",
        (
            'secrets \\"…not found', 'secrets "…not found', 'secret "…not found', "failed to get secret '",
            "failed to get authentication secret", "failed to get tls authentication secret",
            "public keys secret error", "proxy … not found", 'configmaps "…not found', "secret '…' not found",
        ),
        ("missing-secret", "named-secret", "self"),
        "{object} refers to a Secret or ConfigMap that does not exist in its namespace[: {other}].",
        (
            "kubectl get secret {root_name} -n {root_namespace}",
            "kubectl create secret generic {root_name} -n {root_namespace} --from-literal=KEY=VALUE",
            "kubectl edit {kind_lower} {name} -n {namespace}  # or name another one",
        ),
        (
            Example("GitRepository",
                'failed to get secret \'apps/creds\': secrets "creds" not found', "AuthenticationFailed"),
            Example("HelmRepository", 'failed to get authentication secret \'apps/login\': secrets "login" not '
                                  "found", "AuthenticationFailed"),
            Example("OCIRepository", 'failed to get credential: secrets "pull" not found', "AuthenticationFailed"),
            Example("Bucket", 'failed to get secret \'apps/s3\': secrets "s3" not found'),
            Example("ImageRepository",
                'failed to configure authentication options: secrets "acr-secret" not found', "AuthenticationFailed"),
            Example("OCIRepository", "failed to generate transport for 'oci://r/apps': secret 'apps/ca' not found", "AuthenticationFailed"),
        ),
        kinds=(
            "GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart", "HelmRelease",
            "ImageRepository", "ImagePolicy", "ImageUpdateAutomation", "Receiver", "Kustomization",
        ),
        unless=(
            "chart values reference", "could not find secret", "could not find configmap", "substitute from", "sops",
            "decryption", "kubeconfig", "dry-run failed", "provider.notification", "': key '",
        ),
        captures=("secret",), rank=SPECIFIC + 9,
    ),
    Rule(
        "secret-keys", "secret-not-found",
        (
            "secret data: required fields", "secret data: required", "secret data: missing",
            "does not contain … key", "missing required fields", "no 'username' or 'password'",
            "required fields 'token'", "secret must contain", "doesn't contain", "secret data: all of",
            "secret '…': key '…' not found", "secret '…': key '…' is missing", "secret '…' must contain",
            "secret '…' contains '…' but missing", "malformed basic auth", "secret data: requires",
            "trustpolicy.json' not found in secret", "no certificates found in secret", "no public keys found",
        ),
        ("named-secret", "missing-secret", "login-secret", "self"),
        "A Secret[, {other},] lacks a key that {object} asks for, or holds it in a form that cannot be used.",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys",
            "kubectl describe {kind_lower} {name} -n {namespace}",
        ),
        (
            Example("Bucket",
                "invalid 'apps/s3' secret data: required fields 'accesskey' and 'secretkey'", "AuthenticationFailed"),
            Example("Receiver", "invalid 'apps/hook' secret data: required fields 'token'", "TokenNotFound"),
            Example("HelmRepository", "invalid 'apps/login' secret data: required fields 'username' and 'password'"),
            Example("GitRepository", "failed to configure proxy options: secret 'apps/proxy': key 'address' not found", "AuthenticationFailed"),
            Example("OCIRepository", "failed to generate transport for 'oci://r/apps': secret 'apps/ca' must contain either "
                                  "'ca.crt' or both 'tls.crt' and 'tls.key'", "AuthenticationFailed"),
            Example("HelmRepository", "failed to detect authentication methods: secret 'apps/login': malformed basic auth - "
                                  "has 'username' but missing 'password'", "AuthenticationFailed"),
            Example("OCIRepository", "failed to verify the signature using provider 'notation': 'trustpolicy.json' not found "
                                  "in secret 'apps/notation'", "VerificationError"),
        ),
        kinds=(
            "Bucket", "HelmRepository", "HelmChart", "HelmRelease", "OCIRepository", "ImageRepository", "Receiver",
            "GitRepository",
        ),
        unless=("kubeconfig", "chart values"), captures=("secret_data", "secret"), rank=SPECIFIC + 9,
    ),
    Rule(
        "secret-certificates", "secret-not-found",
        ("does not contain any tls configuration",),
        ("named-secret", "ca-secret", "self"),
        "{root} holds neither a CA (ca.crt) nor a client certificate (tls.crt and tls.key).",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys",
            "flux create secret tls {root_name} -n {root_namespace} --ca-crt-file=ca.crt",
        ),
        (
            Example("Bucket", "certificate secret does not contain any TLS configuration", "AuthenticationFailed"),
            Example("HelmRepository", "cannot create TLS config: certificate secret 'apps/ca' does not contain any TLS "
                                  "configuration", "AuthenticationFailed"),
        ),
        captures=("secret",), rank=SPECIFIC + 10,
    ),
    Rule(
        "receiver-token", "secret-not-found",
        (),
        ("missing-secret", "login-secret", "self"),
        "{object} cannot read its token from its Secret[, {other}].",
        (
            "kubectl create secret generic {root_name} -n {root_namespace} "
            "--from-literal=token=$(openssl rand -hex 20)",
        ),
        (Example("Receiver", "odd", "TokenNotFound"),),
        kinds=("Receiver",), reasons=("TokenNotFound",),
    ),
    Rule(
        "secret-object-missing", "secret-not-found",
        (),
        ("missing",),
        "{object} needs {root}, which does not exist in that namespace.",
        (
            "kubectl create secret generic {root_name} -n {root_namespace} --from-literal=KEY=VALUE",
            "kubectl edit {kind_lower} {name} -n {namespace}  # or name another one",
        ),
        (Example("GitRepository", "Secret/apps/creds", state="missing-secret"),),
        states=("missing-secret",),
    ),
)
