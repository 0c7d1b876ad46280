"""Gitea and Forgejo: REST API v1."""

from collections.abc import Callable
from urllib.parse import quote

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import dig, text
from flux_cli.providers.addresses import Addresses
from flux_cli.providers.github import check_owner, same_key
from flux_cli.providers.host import Place, origin
from flux_cli.providers.rest import Advice, Api

ADVICE = Advice("Gitea", "GITEA_TOKEN", "the permissions write:repository and read:user, with --team also write:organization")


class Gitea(Addresses):
    """``providers.host.GitHost`` for one repository."""

    def __init__(
        self, hostname: str, token: str, place: Place, *, ca: str = "", sleep: Callable[[float], None], now: Callable[[], float]
    ) -> None:  # fmt: skip
        self._base, self.domain = origin(hostname)
        self._place = place
        self._api = Api(f"{self._base}/api/v1", {"authorization": f"token {token}"}, ADVICE, ca=ca, sleep=sleep, now=now)
        try:
            self._api.get("/version")
        except FluxError as err:
            self.close()
            raise FluxError(f"failed to create Gitea client for {self._base}/: {err}", hint=err.hint) from err

    def exists(self) -> bool:
        return self._api.find(self._repo) is not None

    def create(self) -> None:
        place = self._place
        body = {"name": place.name, "default_branch": place.default_branch, "private": place.visibility == "private"}
        if place.personal:
            check_owner(text(self._api.get("/user"), "login"), place.owner)
            self._api.send("POST", "/user/repos", body)
        else:
            self._api.send("POST", f"/orgs/{quote(place.owner, safe='')}/repos", body)

    def grant(self, team: str, permission: str, *, update: bool) -> bool:  # noqa: ARG002 - a team's rights are the team's own here
        """Add the repository to the team. What its members may do is set on the team itself."""
        path = f"{self._repo}/teams/{quote(team, safe='')}"
        if self._api.find(path) is not None:
            return False
        self._api.send("PUT", path)
        return True

    def put_key(self, name: str, public: str, *, read_only: bool) -> bool:
        path = f"{self._repo}/keys"
        for entry in self._api.items(path, limit="50"):
            if text(entry, "title") == name:
                if same_key(text(entry, "key"), public) and dig(entry, "read_only") is read_only:
                    return False
                self._api.delete(f"{path}/{text(entry, 'id')}")
        self._api.send("POST", path, {"title": name, "key": public.strip(), "read_only": read_only})
        return True
