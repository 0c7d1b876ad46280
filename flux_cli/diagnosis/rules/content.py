"""What was fetched: artifacts and charts that are broken, signatures that do not fit."""

from flux_cli.diagnosis.rules._model import GENERIC, SPECIFIC, Example, Rule
from flux_cli.diagnosis.rules.source import OCI

# fmt: off
RULES = (
    Rule(
        "oci-content", "oci-artifact-invalid",
        (
            "failed to extract layer contents", "requires gzip-compressed body", "no layers found in artifact",
            "failed to find layer with media type", "failed to parse artifact manifest", "unsupported file type",
            "unsupported layer operation", "failed to copy layer from artifact", "unsupported media type",
            "failed to get layer from artifact", "bigger than max archive size", "unsupported mediatype",
        ),
        ("oci-source", "self"),
        "The artifact is there, but its content is not what {object} can unpack (a Helm chart wants a "
        "layerSelector).",
        (
            "kubectl edit ocirepository {root_name} -n {root_namespace}  # layerSelector: mediaType "
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip, operation: copy",
        ),
        (
            Example("OCIRepository", "failed to extract layer contents from artifact: requires "
                                  "gzip-compressed body: gzip: invalid header", "OCIArtifactLayerOperationFailed"),
            Example("OCIRepository", "failed to find layer with media type 'application/x' in artifact"),
        ),
        kinds=OCI, rank=SPECIFIC,
    ),
    Rule(
        "oci-layer", "oci-artifact-invalid",
        ("url validation failed for", "repository can only contain the characters"),
        ("self",),
        "{object} cannot use the layers of its artifact.",
        ("kubectl describe ocirepository {name} -n {namespace}",),
        (Example("OCIRepository", "odd", "OCIArtifactLayerOperationFailed"),),
        kinds=("OCIRepository",), reasons=("OCIArtifactLayerOperationFailed", "URLInvalid"), rank=GENERIC,
    ),
    Rule(
        "chart-content", "chart-invalid",
        (
            "chart.metadata", "chart.yaml file is missing", "chart metadata is missing", "chart package error",
            "dependency build error", "decompressed chart", "is larger than the maximum file size",
            "chart metadata patch error", "does not appear to be a gzipped archive", "failed to load chart",
            "chart.yaml … no such file", "no chart.yaml", "cannot load chart.yaml", "could not load chart: ",
            "chart illegally contains", "unable to load chart", "gzip: invalid header", "gzip: ",
            "failed to read chart", "failed to get chart metadata", "error unpacking", "artifact untar error",
            "found in chart.yaml, but missing in charts/", "unexpected eof … chart", "chart file … larger",
            "invalid chart format", "missing chart metadata", "chart … unexpected eof", "size of chart",
            "library charts are not installable", "chart is not installable",
        ),
        ("chart-files", "origin", "self"),
        "The chart itself is broken: metadata, dependencies or its archive. It has to be mended where "
        "{root} serves it.",
        (
            "helm pull {chart} --repo {repo} --version {chart_version} && helm lint {chart}-*.tgz",
            "helm pull {artifact} --version {chart_version} && helm lint {chart}-*.tgz",
            "flux reconcile source chart {name} -n {namespace}",
        ),
        (
            Example("HelmChart", "invalid chart reference: validation: chart.metadata.version "
                                  '"master-head" is invalid', "InvalidChartReference"),
            Example("HelmRelease", "Could not load chart: file 'x.tgz' does not appear to be a gzipped "
                                  "archive; got 'text/plain'", "ArtifactFailed"),
            Example("HelmChart", "dependency build error: failed to add remote dependency 'redis': no "
                                  "cached repo", "DependencyBuildError"),
        ),
        kinds=("HelmChart", "HelmRelease"),
        unless=("connection refused", "dial tcp", "values file", "no chart with version", "digest doesn't match"),
        rank=SPECIFIC + 3,
    ),
    Rule(
        "chart-build", "chart-invalid",
        ("chart pull error",),
        ("chart-files", "origin", "self"),
        "The chart of {object} cannot be built.",
        ("kubectl describe helmchart {name} -n {namespace}",),
        (Example("HelmChart", "odd", "ChartPackageError"),),
        kinds=("HelmChart",),
        reasons=("ChartPackageError", "DependencyBuildError", "MetadataPatchError", "ChartPullError"), rank=GENERIC,
    ),
    Rule(
        "signature-key", "signature-verification-failed",
        (
            "failed to verify the signature … pem decoding failed", "pem decoding failed",
            "failed to parse … public key", "failed to unmarshal public key",
            "unknown public key pem", "parsing public key", "failed to verify … openpgp: invalid data",
            "unable to read armored key ring", "failed to verify … failed to parse … certificate",
            "unable to load public key", "failed to verify … asn1:", "unable to verify payload with any of the given key rings",
            "unable to verify commit with any of the given key rings",
            "unable to verify tag with any of the given key rings", "unable to verify git commit: unable to read",
            "parsing trustpolicy", "trust policy", "unmarshal … trust",
        ),
        ("verify-secret", "self"),
        "The verification keys[ in {other}] cannot verify what {object} fetched.",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys  # "
            "cosign: *.pub, Git: *.asc, notation: *.crt and trustpolicy.json",
            "kubectl create secret generic {root_name} -n {root_namespace} --from-file=cosign.pub "
            "--dry-run=client -o yaml | kubectl apply -f -",
        ),
        (
            Example("OCIRepository",
                "failed to verify the signature using provider 'cosign': PEM decoding failed", "VerificationError"),
            Example("GitRepository", "signature verification of commit 'abc' failed: unable to verify Git "
                                  "commit: unable to verify payload with any of the given key rings: "
                                  "unable to verify commit with any of the given key rings", "InvalidCommitSignature"),
        ),
        kinds=("OCIRepository", "GitRepository", "HelmChart", "HelmRelease", "Kustomization"), rank=SPECIFIC + 6,
    ),
    Rule(
        "signature-refused", "signature-verification-failed",
        (
            "failed to verify the signature", "no matching signatures", "no signatures found",
            "signature verification of", "cannot verify signature of", "cannot verify tag object",
            "chart verification error", "none of the expected identities matched", "failed to verify commit",
            "failed to verify tag", "is not signed", "no signature is associated",
        ),
        ("keyless-secret", "oci-source", "release", "self"),
        "What {object} fetched carries no signature that the configured keys or identities accept.",
        (
            "cosign verify --key cosign.pub IMAGE",
            "kubectl get {root_kind_lower} {root_name} -n {root_namespace} -o jsonpath='{{.spec.verify}}'",
        ),
        (
            Example("OCIRepository", "failed to verify the signature using provider 'cosign': no matching "
                                  "signatures were found for '127.0.0.1:5000/apps:v1'", "VerificationError"),
            Example("HelmChart", "chart verification error: failed to verify oci://r/c: no matching "
                                  "signatures were found", "ChartVerificationError"),
            Example("GitRepository",
                "cannot verify signature of tag 'v1' since it is not signed", "InvalidGitObject"),
        ),
        kinds=("OCIRepository", "GitRepository", "HelmChart", "HelmRelease", "Kustomization"), rank=SPECIFIC + 4,
    ),
    Rule(
        "signature-reason", "signature-verification-failed",
        (),
        ("self",),
        "{object} could not verify what it fetched.",
        ("kubectl describe {kind_lower} {name} -n {namespace}",),
        (Example("GitRepository", "odd", "InvalidVerificationMode"),),
        kinds=("OCIRepository", "GitRepository", "HelmChart"),
        reasons=(
            "VerificationError", "InvalidVerificationMode", "InvalidCommitSignature", "InvalidTagSignature",
            "InvalidGitObject", "ChartVerificationError",
        ),
        rank=GENERIC,
    ),
)
