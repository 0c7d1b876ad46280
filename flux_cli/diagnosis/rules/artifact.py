"""Between Flux objects: sources that do not exist, artifacts that are not handed out."""

from flux_cli.diagnosis.rules._model import FOLLOWS, SPECIFIC, Example, Rule

# fmt: off
RULES = (
    Rule(
        "source-absent", "source-not-found",
        (
            "failed to get source … not found", "failed to retrieve source",
            "could not get source object … not found", "source.toolkit.fluxcd.io … not found",
            "source 'gitrepository … not found", "source 'ocirepository … not found", "source 'bucket … not found",
            "source 'helmrepository … not found", "referenced imagerepository does not exist",
            "imagerepositories.image.toolkit.fluxcd.io … not found", "could not get resource for include",
            "get sources failed … not found", "source.extensions.fluxcd.io … not found",
            "source 'externalartifact … not found", "failed configuring source manager … not found",
            "source not found", "imagerepository.image.toolkit.fluxcd.io … not found",
        ),
        ("missing-source", "source", "awaited", "self"),
        "{object} takes its content from a source[, {other},] that does not exist.",
        (
            "flux get all -A | grep -i {root_name}",
            "kubectl edit {kind_lower} {name} -n {namespace}  # sourceRef: kind, name, namespace",
        ),
        (
            Example("HelmChart", "failed to get source: HelmRepository.source.toolkit.fluxcd.io "
                                  '"nowhere" not found', "SourceUnavailable"),
            Example("Kustomization", 'gitrepositories.source.toolkit.fluxcd.io "x" not found', "ArtifactFailed"),
            Example("ImagePolicy", "failed to get the referred ImageRepository: referenced "
                                  "ImageRepository does not exist: "
                                  'ImageRepository.image.toolkit.fluxcd.io "img" not found', "DependencyNotReady"),
            Example("Kustomization", "Source 'GitRepository/flux-system' not found"),
        ),
        unless=('secrets "',), captures=("missing_source", "awaited"), rank=SPECIFIC,
    ),
    Rule(
        "source-object-missing", "source-not-found",
        (),
        ("missing",),
        "{object} takes its content from a source[, {other},] that does not exist.",
        (
            "flux get all -A | grep -i {root_name}",
            "kubectl edit {kind_lower} {name} -n {namespace}  # sourceRef: kind, name, namespace",
        ),
        (Example("Kustomization", "GitRepository/apps/apps", state="missing-source"),),
        states=("missing-source",), rank=SPECIFIC,
    ),
    Rule(
        "chart-source-kind", "source-not-found",
        (),
        ("self",),
        "{object} names a kind of source that a chart cannot come from.",
        (
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # sourceRef.kind: HelmRepository, "
            "GitRepository or Bucket",
        ),
        (
            Example("HelmChart", "failed to get source: unsupported source kind 'OCIRepository', must "
                                  "be one of: HelmRepository", "UnsupportedSourceKind"),
        ),
        kinds=("HelmChart",), reasons=("UnsupportedSourceKind",), rank=SPECIFIC + 1,
    ),
    Rule(
        "artifact-download", "artifact-fetch-failed",
        (
            "failed to download archive", "failed to download artifact", "faild to download artifact",
            "computed digest doesn't match", "computed checksum", "giving up after … attempt",
            "could not load chart … connection refused", "could not load chart … dial tcp",
            "failed to open source artifact", "fetch sources failed", "artifact digest mismatch",
            "failed to load chart … tar.gz", "failed to extract archive", "failed to untar a", "failed to verify archive",
            "failed to verify artifact", "greater than the max download size",
        ),
        ("producer",),
        "{object} cannot download the artifact that the cluster already holds: {root} does not hand it out.",
        (
            "kubectl get pods,endpoints -n flux-system",
            "kubectl rollout restart deployment {root_name} -n {root_namespace}",
            "kubectl get networkpolicy -n flux-system",
        ),
        (
            Example("Kustomization", "failed to download archive: GET "
                                  "http://source-controller.flux-system.svc.cluster.local./gitrepository/"
                                  "a/b/c.tar.gz giving up after 10 attempt(s): dial tcp 10.100.47.29:80: "
                                  "connect: connection refused", "ArtifactFailed"),
            Example("HelmRelease", "Could not load chart: failed to download artifact from "
                                  "http://source-controller: computed digest doesn't match", "ArtifactFailed"),
        ),
        kinds=("Kustomization", "HelmRelease", "HelmChart", "ArtifactGenerator", "GitRepository"),
        rank=SPECIFIC + 15,
    ),
    Rule(
        "artifact-not-served", "artifact-fetch-failed",
        ("source not ready: artifact not found", "source is not ready, artifact not found"),
        ("producer",),
        "The artifact that {object} needs is announced, but {root} answers 404 for it: it was restarted "
        "and fetches anew, or advertises a wrong address.",
        (
            "kubectl logs -n {root_namespace} deployment/{root_name} --tail=30",
            "kubectl get deployment {root_name} -n {root_namespace} -o yaml | grep storage-adv-addr",
            "flux reconcile source git NAME -n {namespace}",
        ),
        (
            Example("HelmRelease", "Source not ready: artifact not found. Retrying in 30s", "ArtifactFailed"),
            Example("Kustomization", "Source is not ready, artifact not found, retrying in 30s", "ArtifactFailed"),
        ),
        kinds=("Kustomization", "HelmRelease"), walk="source", rank=FOLLOWS + 6,
    ),
)
