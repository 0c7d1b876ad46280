"""Bitbucket Server and Data Center: REST API 1.0."""

from collections.abc import Callable
from urllib.parse import quote

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import dig, text
from flux_cli.providers.addresses import Addresses
from flux_cli.providers.github import same_key
from flux_cli.providers.host import Place, origin
from flux_cli.providers.rest import Advice, Api, Refusal

ADVICE = Advice("Bitbucket", "BITBUCKET_TOKEN", "the permissions project admin and repository admin")
_RIGHTS = {"pull": "REPO_READ", "triage": "REPO_READ", "push": "REPO_WRITE", "maintain": "REPO_ADMIN", "admin": "REPO_ADMIN"}


class Bitbucket(Addresses):
    """``providers.host.GitHost`` for one repository. A personal one belongs to the project ``~user``."""

    def __init__(
        self, hostname: str, token: str, place: Place, *, ca: str = "", sleep: Callable[[float], None], now: Callable[[], float]
    ) -> None:  # fmt: skip
        self._base, self.domain = origin(hostname)
        self._place = place
        self._api = Api(f"{self._base}/rest/api/1.0", {"authorization": f"Bearer {token}"}, ADVICE, ca=ca, sleep=sleep, now=now)
        self._key = f"~{place.owner}" if place.personal else ""

    @property
    def clone_url(self) -> str:
        return f"{self._base}/scm/{self.key}/{self.slug}.git"

    @property
    def ssh_url(self) -> str:
        return f"ssh://git@{self.domain}/{self.key}/{self.slug}"

    @property
    def key(self) -> str:
        """The project's key, by its name or key; asked for once."""
        if not self._key:
            for entry in self._api.items("/projects", name=self._place.owner):
                if self._place.owner in (text(entry, "key"), text(entry, "name")):
                    self._key = text(entry, "key")
                    return self._key
            found = self._api.find(f"/projects/{quote(self._place.owner, safe='')}")
            if found is None:
                raise FluxError(
                    f"failed to get Git organization: project {self._place.owner} not found",
                    hint=f"Does the project exist, and may the token in {ADVICE.token} see it? It needs {ADVICE.scopes}.",
                )
            self._key = text(found, "key")
        return self._key

    @property
    def slug(self) -> str:
        return self._place.name.lower().replace(" ", "-")

    @property
    def _repo(self) -> str:
        return f"/projects/{quote(self.key, safe='~')}/repos/{quote(self.slug, safe='')}"

    def exists(self) -> bool:
        return self._api.find(self._repo) is not None

    def create(self) -> None:
        place = self._place
        body = {"name": place.name, "scmId": "git", "public": place.visibility == "public", "defaultBranch": place.default_branch}
        self._api.send("POST", f"/projects/{quote(self.key, safe='~')}/repos", body)

    def grant(self, team: str, permission: str, *, update: bool) -> bool:
        path, wanted = f"{self._repo}/permissions/groups", _RIGHTS[permission]
        for entry in self._api.items(path, filter=team):
            if text(entry, "group.name") == team:
                if not update or text(entry, "permission") == wanted:
                    return False
                break
        self._api.send("PUT", f"{path}?permission={wanted}&name={quote(team, safe='')}")
        return True

    def put_key(self, name: str, public: str, *, read_only: bool) -> bool:
        path = f"{self._base}/rest/keys/1.0{self._repo}/ssh"
        wanted = "REPO_READ" if read_only else "REPO_WRITE"
        for entry in self._api.items(path):
            if text(entry, "key.label") == name:
                if same_key(text(entry, "key.text"), public) and text(entry, "permission") == wanted:
                    return False
                self._api.delete(f"{path}/{dig(entry, 'key.id')}")
        try:
            self._api.send("POST", path, {"key": {"text": f"{public.strip()} {name}", "label": name}, "permission": wanted})
        except Refusal as err:
            if err.status == 409:
                raise FluxError(f"the key {name} is in use elsewhere already: {err}", hint=err.hint) from err
            raise
        return True
