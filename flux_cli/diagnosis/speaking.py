"""Who speaks in a pasted text: its wrapping words belong to one kind, whatever object it was found on.

What is pasted about a Kustomization or a release often quotes what they wait for: a source, a chart, a pod.
"""

from flux_cli.diagnosis.rules import Match, Matcher
from flux_cli.diagnosis.rules._model import GENERIC, capture

SOURCES = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository")
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod", "PersistentVolumeClaim")
# Whose words those of a kind may quote; a kind that is not here may quote anybody.
BEHIND: dict[str, tuple[str, ...]] = {
    "Kustomization": (*SOURCES, "HelmChart", "ArtifactGenerator", "HelmRelease", *WORKLOADS),
    "HelmRelease": (*SOURCES, "HelmChart", "ArtifactGenerator", *WORKLOADS),
    "HelmChart": SOURCES,
    "ArtifactGenerator": SOURCES,
    "ExternalArtifact": (*SOURCES, "ArtifactGenerator"),
    "ImagePolicy": ("ImageRepository",),
    "ImageUpdateAutomation": ("GitRepository",),
    **dict.fromkeys((*SOURCES, "ImageRepository", "Alert", "Provider", "Receiver", *WORKLOADS), ()),
}
# Words that only one controller writes around its errors; what lies deeper comes first.
WRAPPERS: tuple[tuple[str, str], ...] = (
    ("failed to pull image", "Pod"),
    ("failed to pull and unpack image", "Pod"),
    ("back-off pulling image", "Pod"),
    ("mountvolume.", "Pod"),
    ("failed to create pod sandbox", "Pod"),
    ("failed to create containerd task", "Pod"),
    ("failed to checkout and determine revision", "GitRepository"),
    ("unable to clone '", "GitRepository"),
    ("failed to configure authentication options", "GitRepository"),
    ("failed to configure proxy options", "GitRepository"),
    ("failed to parse url '", "GitRepository"),
    ("signature verification of commit", "GitRepository"),
    ("signature verification of tag", "GitRepository"),
    ("cannot verify signature of tag", "GitRepository"),
    ("public keys secret error", "GitRepository"),
    ("failed to determine artifact digest", "OCIRepository"),
    ("failed to determine the artifact tag", "OCIRepository"),
    ("failed to pull artifact from", "OCIRepository"),
    ("failed to generate transport for", "OCIRepository"),
    ("failed to verify the signature using provider", "OCIRepository"),
    ("url validation failed for", "OCIRepository"),
    ("failed to extract layer contents", "OCIRepository"),
    ("failed to get credential", "OCIRepository"),
    ("bucket '", "Bucket"),
    ("' bucket: ", "Bucket"),
    ("fields 'accesskey' and 'secretkey'", "Bucket"),
    ("' bucket provider", "Bucket"),
    ("failed to parse sts endpoint", "Bucket"),
    ("failed to create azure client", "Bucket"),
    ("failed to fetch helm repository index", "HelmRepository"),
    ("failed to load helm repository from index", "HelmRepository"),
    ("chart pull error", "HelmChart"),
    ("invalid chart reference", "HelmChart"),
    ("chart package error", "HelmChart"),
    ("dependency build error", "HelmChart"),
    ("no artifact available for include", "GitRepository"),
    ("get sources failed", "ArtifactGenerator"),
    ("no artifact available for", "HelmChart"),
    ("values files merge error", "HelmChart"),
    ("chart verification error", "HelmChart"),
    ("scan failed:", "ImageRepository"),
    ("helmchart '", "HelmRelease"),
    ("helm install failed", "HelmRelease"),
    ("helm upgrade failed", "HelmRelease"),
    ("helm test failed", "HelmRelease"),
    ("chart values reference", "HelmRelease"),
    ("unable to read values from key", "HelmRelease"),
    ("unsupported valuesreference kind", "HelmRelease"),
    ("kustomize build failed", "Kustomization"),
    ("kustomization path not found", "Kustomization"),
    ("post build failed for", "Kustomization"),
    ("decryption failed for", "Kustomization"),
    ("failed to decode kubernetes yaml", "Kustomization"),
    ("invalid policy:", "ImagePolicy"),
    ("get the referred imagerepository", "ImagePolicy"),
    ("failed to update source:", "ImageUpdateAutomation"),
    ("failed configuring source manager", "ImageUpdateAutomation"),
    ("failed to apply policies", "ImageUpdateAutomation"),
    ("failed to send notification for", "Alert"),
    ("failed to dispatch notification for", "Alert"),
    ("unable to read token from secret", "Receiver"),
    ("unable to validate payload", "Receiver"),
)


def fitting(matcher: Matcher, text: str, kind: str) -> list[Match]:
    """Every rule that fits a text about an object of this kind ("": unknown), the best first.

    Where the text quotes another object, what that one says comes first; where the kind's own rules settle nothing, any
    rule about an object that may stand behind it counts.
    """
    kind = kind if kind in BEHIND else ""  # of other kinds no rule knows what they may say
    own = matcher.fitting(text, kind)
    for speaker, words in quoted(text, kind).items():
        told = [hit._replace(captured=capture(hit.rule, text) | hit.captured) for hit in matcher.fitting(words, speaker)]
        vague = not kind or (not _settled(own) and (not own or (told and told[0].rule.rank > own[0].rule.rank)))
        if told and (_settled(told) or vague):
            return [*told, *own]
    if kind and not _settled(own):
        behind = [hit for hit in matcher.fitting(text) if set(hit.rule.kinds) & set(BEHIND.get(kind, ())) and _settled([hit])]
        return [*behind, *own]
    return own


def about(text: str, kind: str, hit: Match) -> str:
    """Which kind of object a rule that fits is about: the text's own, or the one that it quotes; "" where nothing tells."""
    wanted = hit.rule.kinds
    if kind and (not wanted or kind in wanted):
        return kind
    return next((who for who in (*quoted(text, kind), *wanted) if not wanted or who in wanted), kind)


def quoted(text: str, kind: str) -> dict[str, str]:
    """The kinds, other than the text's own, that are quoted in it, the deepest first, and the text from their words on."""
    flat = " ".join(text.split())
    lowered = flat.lower()
    starts: dict[str, int] = {}
    for words, who in WRAPPERS:
        at = lowered.find(words)
        if at >= 0 and who != kind and (kind not in BEHIND or who in BEHIND[kind]):
            starts[who] = min(at, starts.get(who, at))
    return {who: flat[at:] for who, at in starts.items()}


def _settled(hits: list[Match]) -> bool:
    """Whether the best rule names a cause, not a consequence or a reason alone."""
    return bool(hits) and not hits[0].rule.walk and hits[0].rule.rank > GENERIC
