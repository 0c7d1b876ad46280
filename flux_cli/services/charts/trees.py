"""Sources that are folders of files, a chart among them, less what their ignore rules leave out."""

import os
import pathlib

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.gitignore import BINARIES, CI, TOOLS, VCS, ignored, parse, read_tree
from flux_cli.core.objects import Object, text
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.plan import Plan
from flux_cli.services.charts.secrets import secret
from flux_cli.services.charts.verification import git_check

_DEFAULTS = (*VCS, *BINARIES, *CI, *TOOLS)


def from_git(cluster: Cluster, source: Object, plan: Plan, helm: Helm, root: pathlib.Path) -> None:
    """The files of the commit that a GitRepository refers to, into ``root``. Raises FluxError."""
    from flux_cli.git.access import Access, proxy_of
    from flux_cli.git.snapshot import Ref, files
    from flux_cli.services.tag_filters import newest

    login = secret(cluster, source, "spec.secretRef")
    key = helm.write_secret("identity", login["identity"]) if login.get("identity") else ""
    access = Access(
        username=login.get("username", ""), password=login.get("password", ""), bearer_token=login.get("bearerToken", ""),
        ca=login.get("ca.crt", "") or login.get("caFile", ""), key_file=key, known_hosts=login.get("known_hosts", ""),
        proxy=proxy_of(secret(cluster, source, "spec.proxySecretRef")),
    )  # fmt: skip
    said = {field: text(source, f"spec.ref.{field}") for field in ("branch", "tag", "name", "commit")}
    semver = text(source, "spec.ref.semver")
    ref = Ref(**said, choose=(lambda tags: newest(tags, semver)) if semver else None, semver=semver)
    check = git_check(cluster, source, helm.users, plan.tell)
    for file in files(text(source, "spec.url"), ref, access, helm.users, plan.seconds, check):
        path = target(root, file.path)
        path.write_bytes(file.content)
        path.chmod(0o755 if file.executable else 0o644)
    leave_out(root, source)


def target(root: pathlib.Path, path: str) -> pathlib.Path:
    """Where a file of the source goes; its folder is made. Raises FluxError for a path that leads out."""
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "\0" in path:
        raise FluxError(f"the source holds a path that leads out of it: {path}")
    made = root.joinpath(*[part for part in parts if part not in ("", ".")])
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise FluxError(f"the source holds a file and a folder of the same name: {path}") from err
    if made.is_dir():
        raise FluxError(f"the source holds a file and a folder of the same name: {path}")
    return made


def leave_out(root: pathlib.Path, source: Object) -> None:
    """Take away what source-controller would not put into the artifact."""
    patterns = parse(_DEFAULTS) + read_tree(root) + parse(text(source, "spec.ignore").splitlines())
    for folder, _, names in os.walk(root):
        for name in names:
            path = pathlib.Path(folder, name)
            if ignored(patterns, path.relative_to(root).parts, False):
                path.unlink()
