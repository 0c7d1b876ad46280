"""``spec.verify``: who signed a source. What can be checked here is refused as source-controller would; the rest is told."""

from collections.abc import Callable, Mapping

from flux_cli.core.api import Cluster
from flux_cli.core.objects import Object, dig, text
from flux_cli.git.verifying import NotVerified, Signed, Unchecked, verify
from flux_cli.oci.cosign import bundled, signed
from flux_cli.oci.registry import Repository
from flux_cli.services.charts.artifacts import identity
from flux_cli.services.charts.secrets import raw_secret

Tell = Callable[[str], None]


def git_check(cluster: Cluster, source: Object, environ: Mapping[str, str], tell: Tell) -> Callable[[list[Signed]], None]:
    """What looks at the tag and commit of a GitRepository. It raises NotVerified."""

    def check(found: list[Signed]) -> None:
        if not isinstance(dig(source, "spec.verify"), dict):
            return
        keys = raw_secret(cluster, source, "spec.verify.secretRef")
        try:
            for what in _wanted(text(source, "spec.verify.mode") or "HEAD", found):
                verify(what, keys, environ)
        except Unchecked as err:
            tell(_unchecked(source, str(err)))

    return check


def _wanted(mode: str, found: list[Signed]) -> list[Signed]:
    tags, commits = ([what for what in found if what.kind == kind] for kind in ("tag", "commit"))
    if mode in ("Tag", "TagAndHEAD") and not tags:
        raise NotVerified("cannot verify tag object's signature if no annotated tag leads to the commit")
    return tags[:1] if mode == "Tag" else tags[:1] + commits if mode == "TagAndHEAD" else commits


def check_image(cluster: Cluster, said: Object, source: Object, repository: Repository, digest: str, tell: Tell) -> None:
    """``said``: the object whose ``spec.verify`` counts, for what was fetched from ``source``. Raises NotVerified."""
    if not isinstance(dig(said, "spec.verify"), dict):
        return None
    provider = text(said, "spec.verify.provider") or "cosign"
    if provider != "cosign":
        return tell(_unchecked(source, f"signatures of {provider} cannot be checked here"))
    if not text(said, "spec.verify.secretRef.name"):
        return tell(_unchecked(source, "signatures without a key cannot be checked here"))
    keys = {name: key for name, key in raw_secret(cluster, said, "spec.verify.secretRef").items() if name.endswith(".pub")}
    if signed(repository, digest, keys):
        return None
    if bundled(repository, digest):
        return tell(_unchecked(source, "its signature is a Sigstore bundle, which cannot be checked here"))
    what = f"failed to verify the signature using provider '{provider}': no matching signatures were found for"
    hint = f"Is it signed by a key of the Secret {text(said, 'spec.verify.secretRef.name')}?  cosign verify --key KEY.pub IMAGE"
    raise NotVerified(f"{what} '{repository.reference.name}@{digest}'", hint=hint)


def check_chart_repository(source: Object, said: Object, tell: Tell) -> None:
    """A repository of packages has no signatures that the controller would look at."""
    if isinstance(dig(said, "spec.verify"), dict):
        tell(_unchecked(source, "charts are verified in registries only"))


def _unchecked(source: Object, why: str) -> str:
    return f"the signature of {identity(source)} is not verified: {why}"
