"""Chart repositories and OCI registries: what they hold and whom they let in."""

from flux_cli.diagnosis.rules._model import GENERIC, NORMAL, SPECIFIC, Example, Rule
from flux_cli.diagnosis.rules.source import HELM

INDEX = "failed to fetch Helm repository index: failed to cache index to temporary file: failed to fetch https://charts.example.com/index.yaml : "
LOGIN = (
    "ServiceAccount| kubectl get serviceaccount {root_name} -n {root_namespace} -o yaml  # annotations: the cloud's role",
    "on OCIRepository| flux create secret oci {root_name} -n {root_namespace} --url={registry} --username=USER --password=TOKEN",
    "not on OCIRepository| flux create secret helm {root_name} -n {root_namespace} --username=USER --password=TOKEN",
    "HelmRepository| kubectl edit helmrepository {root_name} -n {root_namespace}  # secretRef: that Secret, or provider: aws|azure|gcp",
    "OCIRepository| kubectl edit ocirepository {root_name} -n {root_namespace}  # secretRef: that Secret, or provider: aws|azure|gcp",
    "flux get sources all -n {namespace}",
)

# fmt: off
RULES = (
    Rule(
        "oci-absent", "oci-artifact-not-found",
        (
            "not found: not found", "failed to get 'oci://…: not found", "tag … not found", "response status code 404", "name unknown:",
            "no such manifest", "manifest not found", "failed to get tag", "manifest_unknown", "manifest unknown",
            "name_unknown", "repository name not known", "failed to determine the artifact tag … no match found",
            "no match found for semver", "manifests … unexpected status code 404",
            "packages/container … 404 not found", "name_invalid", "tag_invalid",
            "failed to fetch anonymous token … 403 forbidden", "failed to fetch anonymous token … 404",
            "not_found: ", "status code 404", "repository not found in registry", "artifact tag … improper constraint",
        ),
        ("oci-asked", "self"),
        "The registry has no such repository, tag or digest as {object} asks for.",
        (
            "flux list artifacts {artifact}",
            "kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # url, tag, semver or version",
        ),
        (
            Example("OCIRepository", "failed to determine artifact digest: GET "
                                  "http://127.0.0.1:5000/v2/apps/manifests/v99: MANIFEST_UNKNOWN: "
                                  "manifest unknown; map[Tag:v99]"),
            Example("OCIRepository", "failed to determine the artifact tag for 'oci://r/x': no match found "
                                  "for semver: >9.0.0", "ReadOperationFailed"),
            Example("HelmChart", "chart pull error: failed to download chart for remote reference: "
                                  "failed to get 'oci://ghcr.io/a/charts/b/b:0.10.0': failed to "
                                  "authorize: failed to fetch anonymous token: unexpected status from "
                                  "GET request to https://ghcr.io/token?scope=x: 403 Forbidden", "ChartPullError"),
        ),
        kinds=("OCIRepository", "HelmChart", "HelmRelease", "HelmRepository", "Kustomization"),
        unless=("kustomize build failed",), rank=SPECIFIC + 8,
    ),
    Rule(
        "oci-unknown", "oci-artifact-not-found",
        ("failed to determine the artifact tag", "failed to determine artifact digest", "failed to pull artifact from"),
        ("self",),
        "The registry has no artifact that spec.ref of {object} selects, or does not hand it out.",
        (
            "flux list artifacts {artifact}",
            "kubectl edit ocirepository {name} -n {namespace}  # spec.ref: tag, semver, semverFilter",
        ),
        (
            Example("OCIRepository", "failed to determine the artifact tag for 'oci://r/apps': error parsing regexp: "
                                  "missing closing ): `(v`", "ReadOperationFailed"),
        ),
        kinds=("OCIRepository",), reasons=("ReadOperationFailed", "OCIArtifactPullFailed"), rank=GENERIC,
    ),
    Rule(
        "chart-version-absent", "chart-version-not-found",
        (
            "version … not found in http", "chart not found", "no matching version", "constraint … no chart",
            "failed to get chart version … not found", "chart with version matching", "no chart version found",
            "no chart name found", "could not locate a version matching", "no tags found … chart",
            "unable to locate any tags in provided repository", "invalid version reference",
            "chart version … not found", "remote reference: no '", "chart … improper constraint",
            "chart '…' with version '…' not found",
        ),
        ("release", "self"),
        "The chart repository has no chart[ {chart}][ in version {chart_version}] as {root} asks for it.",
        (
            "flux get sources chart -n {namespace}", "helm search repo {chart} --versions",
            "kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # chart, version",
        ),
        (
            Example("HelmChart", "invalid chart reference: failed to get chart version for remote "
                                  "reference: no 'web' chart with version matching '9.9.9' found", "InvalidChartReference"),
            Example("HelmRelease", "HelmChart 'a/b' is not ready: invalid chart reference: failed to get "
                                  "chart version for remote reference: no 'web' chart with version "
                                  "matching '9.9.9' found", "SourceNotReady"),
            Example("HelmChart", "chart pull error: failed to get chart version for remote reference: "
                                  "could not locate a version matching provided version string 9.x", "ChartPullError"),
        ),
        unless=("dependency build error", "improperly formatted"), captures=("chart",), rank=SPECIFIC + 5,
    ),
    Rule(
        "chart-path-absent", "revision-not-found",
        (
            "invalid chart reference: stat … no such file", "invalid chart reference: lstat … no such file",
            "chart … no such file or directory",
        ),
        ("release", "self"),
        "The chart's path that {root} names does not exist in the source.",
        (
            "kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # spec.chart.spec.chart is "
            "a path from the root of the repository",
        ),
        (
            Example("HelmChart", "invalid chart reference: stat "
                                  "/tmp/helmchart-a-b-1895668835/source/charts/none: no such file or directory", "InvalidChartReference"),
        ),
        kinds=("HelmChart", "HelmRelease"), unless=("chart.yaml", "values file", "/tmp/helm-"), rank=SPECIFIC + 4,
    ),
    Rule(
        "chart-reference", "chart-version-not-found",
        ("invalid chart reference",),
        ("release", "self"),
        "{root} names a chart that its source does not have.",
        ("kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # chart, version",),
        (Example("HelmChart", "invalid chart reference: something", "InvalidChartReference"),),
        kinds=("HelmChart",), reasons=("InvalidChartReference",), rank=GENERIC,
    ),
    Rule(
        "chart-archive-gone", "chart-version-not-found",
        ("failed to download chart for remote reference … 404 not found", ".tgz : 404", ".tgz: 404"),
        ("origin", "self"),
        "The index lists this chart version, but its archive is gone from the server of {root}.",
        (
            "kubectl get {root_kind_lower} {root_name} -n {root_namespace} -o jsonpath='{{.spec.url}}'",
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # a version that is there",
        ),
        (
            Example("HelmChart", "chart pull error: failed to download chart for remote reference: "
                                  "failed to fetch https://h/web-1.0.0.tgz : 404 Not Found", "ChartPullError"),
        ),
        kinds=("HelmChart", "HelmRelease"), rank=SPECIFIC + 7,
    ),
    Rule(
        "helm-index", "helm-repo-unreachable",
        (
            'scheme "" not supported', "unsupported protocol scheme", "not a chart repository", "invalid index",
            "no helm repository index", "failed to fetch helm repository index … no such file",
            "file not found … index.yaml", "failed to load helm repository from index", "failed to load index",
            "exceeds the maximum index file size", "no api version specified", "is not a valid chart repository",
            "index.yaml : 404", "index.yaml : 5", "index.yaml : 4", "failed to calculate revision",
            "invalid helm repository url", "failed to construct helm client", "stream error: stream id",
            "failed to download repository index", "failed to fetch … .tgz : 5",
            "failed to fetch helm repository index … internal server error", "could not find protocol handler",
            "first path segment in url", "missing protocol scheme",
        ),
        ("origin", "self"),
        "The chart repository {root} does not answer with a usable index.yaml.",
        (
            "curl -sSI {url}/index.yaml",
            "kubectl edit helmrepository {root_name} -n {root_namespace}  # url; an oci:// registry "
            "wants type: oci",
            "flux reconcile source helm {root_name} -n {root_namespace}",
        ),
        (
            Example("HelmRepository", INDEX + "500 Internal Server Error", "Failed"),
            Example("HelmRepository", INDEX + "404 Not Found", "Failed"),
            Example("HelmRepository", "failed to load Helm repository from index YAML: failed to load index: "
                                  "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                                  "string into Go value of type repo.IndexFile", "IndexationFailed"),
            Example("HelmRepository", "failed to load index: /tmp/chart-index-861161562.yaml exceeds the "
                                  "maximum index file size of 52428800 bytes"),
        ),
        kinds=HELM, unless=("index.yaml : 401", "index.yaml : 403", "index.yaml : 429", "dial tcp"), rank=NORMAL + 5,
    ),
    Rule(
        "helm-index-reason", "helm-repo-unreachable",
        (),
        ("self",),
        "{object} cannot read the index of its chart repository.",
        ("curl -sSI {url}/index.yaml", "kubectl describe helmrepository {name} -n {namespace}"),
        (Example("HelmRepository", "something else", "IndexationFailed"),),
        kinds=("HelmRepository",), reasons=("IndexationFailed", "Failed", "URLInvalid"), rank=GENERIC,
    ),
    Rule(
        "registry-login", "registry-auth-failed",
        (
            "index.yaml : 401", "index.yaml : 403", "response status code 401", "response status code 403",
            "unauthorizedaccess", "access is denied", "no credentials", "managedidentitycredential",
            "defaultazurecredential", "failed to get gcp", "failed to get aws", "ecr … not authorized",
            "error retrieving credentials", "failed to decode … docker", "invalid username/password",
            "401 unauthorized", "unauthorized:", ": unauthorized", "403 forbidden", "status code 401",
            "status code 403", "denied: ", "no basic auth credentials", "insufficient_scope",
            "requested access to the resource is denied", "pull access denied", "failed to log in",
            "failed to login", "failed to authorize", "token exchange", "assumerolewithwebidentity",
            "failed to get credential", "authentication required", "incorrect username or password",
            "failed to authenticate with the helm repository", "invalid token", "failed to retrieve credentials",
            "credentials … not found in docker config", "expired token", "authorization token has expired",
            "failed to create provider access token", "parse auth configuration from secret",
        ),
        ("login-secret", "origin", "self"),
        "The chart repository or registry refuses the login that {object} uses[: that of {other}].",
        LOGIN,
        (
            Example("HelmRepository", INDEX + "401 Unauthorized", "Failed"),
            Example("OCIRepository", "failed to determine artifact digest: GET "
                                  "https://ghcr.io/token?scope=repository:a/b:pull&service=ghcr.io: "
                                  "DENIED: denied", "OCIArtifactPullFailed"),
            Example("HelmChart", "chart pull error: failed to download chart for remote reference: "
                                  "pulling from host 1.dkr.ecr.us-west-2.amazonaws.com failed with "
                                  "status code [manifests 1.1.5]: 401 Unauthorized"),
        ),
        kinds=("OCIRepository", "HelmRepository", "HelmChart", "HelmRelease", "Kustomization"),
        unless=(
            "git-upload-pack", "is forbidden", "kustomize build failed", "index.yaml : 404", "anonymous token", "failed to send notification",
            "unable to clone", "failed to query with labels: unauthorized",
        ),
        rank=SPECIFIC,
    ),
    Rule(
        "registry-authentication", "registry-auth-failed",
        ("failed to authenticate with", "failed to generate transport for"),
        ("login-secret", "origin", "self"),
        "{object} cannot log in to its registry or chart repository.",
        LOGIN,
        (Example("OCIRepository", "failed to generate transport for 'x': bad", "AuthenticationFailed"),),
        kinds=("OCIRepository", "HelmRepository", "HelmChart"), reasons=("AuthenticationFailed",), rank=GENERIC,
    ),
    Rule(
        "image-absent", "image-scan-failed",
        (
            "name_unknown", "scan failed … 404", "name_invalid", "scan failed … repository name not known", "could not parse reference",
            "scan failed … does not exist", "scan failed … not_found",
        ),
        ("self",),
        "The registry has no image of the name in spec.image of {object}.",
        (
            "kubectl edit imagerepository {name} -n {namespace}  # spec.image, without a tag",
            "flux reconcile image repository {name} -n {namespace}",
        ),
        (
            Example("ImageRepository", "scan failed: GET http://127.0.0.1:5000/v2/none/tags/list?n=1000: "
                                  "NAME_UNKNOWN: repository name not known to registry"),
            Example("ImageRepository", "could not parse reference: https://ghcr.io/a/b", "ImageURLInvalid"),
        ),
        kinds=("ImageRepository",), unless=("unauthorized", "denied"), rank=NORMAL + 6,
    ),
    Rule(
        "image-scan", "image-scan-failed",
        (
            "scan failed", "registry provider not configured for login", "authentication failed", "unauthorized",
            "denied", "403 forbidden", "failed to configure authentication options", "failed to list tags",
        ),
        ("login-secret", "self"),
        "{object} cannot list the image's tags in the registry.",
        (
            "Secret| flux create secret oci {root_name} -n {root_namespace} --url={registry} --username=USER --password=TOKEN",
            "ImageRepository| kubectl edit imagerepository {name} -n {namespace}  # secretRef, or provider: aws|azure|gcp",
            "kubectl describe imagerepository {name} -n {namespace}",
            "flux reconcile image repository {name} -n {namespace}",
        ),
        (
            Example("ImageRepository", "scan failed: GET https://r/v2/x/tags/list?n=1000: unexpected status "
                                  "code 401 Unauthorized: Not Authorized", "ReadOperationFailed"),
        ),
        kinds=("ImageRepository",), rank=NORMAL + 5,
    ),
    Rule(
        "image-scan-in-policy", "image-scan-failed",
        ("registry provider not configured for login", "scan failed", "gcr authentication failed"),
        ("login-secret", "image", "self"),
        "The image repository behind {object} cannot be scanned.",
        ("flux get images repository -n {namespace}",),
        (
            Example("ImagePolicy", "Cannot determine latest tag for policy: version list argument cannot "
                                  "be empty\nGCR authentication failed: registry provider not configured "
                                  "for login"),
        ),
        kinds=("ImagePolicy", "ImageUpdateAutomation"), rank=SPECIFIC + 19,
    ),
)
