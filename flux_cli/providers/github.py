"""GitHub and GitHub Enterprise: REST API v3."""

from collections.abc import Callable
from urllib.parse import quote

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig, text
from flux_cli.providers.addresses import Addresses
from flux_cli.providers.host import Place, origin
from flux_cli.providers.rest import Advice, Api

ADVICE = Advice("GitHub", "GITHUB_TOKEN", "the scope repo (fine-grained: contents and administration, read and write)")
_ROLES = {
    "pull": "pull",
    "read": "pull",
    "triage": "triage",
    "push": "push",
    "write": "push",
    "maintain": "maintain",
    "admin": "admin",
}
_RANK = ("admin", "maintain", "push", "triage", "pull")


class GitHub(Addresses):
    """``providers.host.GitHost`` for one repository."""

    def __init__(
        self, hostname: str, token: str, place: Place, *, ca: str = "", sleep: Callable[[float], None], now: Callable[[], float]
    ) -> None:  # fmt: skip
        self._base, self.domain = origin(hostname)
        self._place = place
        base = "https://api.github.com" if self.domain == "github.com" else f"{self._base}/api/v3"
        headers = {
            "authorization": f"Bearer {token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        }
        self._api = Api(base, headers, ADVICE, ca=ca, sleep=sleep, now=now)

    def exists(self) -> bool:
        return self._api.find(self._repo) is not None

    def create(self) -> None:
        place = self._place
        private = place.visibility == "private"
        body: Object = {"name": place.name, "default_branch": place.default_branch, "visibility": place.visibility}
        if private:
            body |= {"private": True}
        if place.personal:
            check_owner(text(self._api.get("/user"), "login"), place.owner)
            self._api.send("POST", "/user/repos", body)
        else:
            self._api.send("POST", f"/orgs/{quote(place.owner, safe='')}/repos", body)

    def grant(self, team: str, permission: str, *, update: bool) -> bool:
        owner = quote(self._place.owner, safe="")
        path = f"/orgs/{owner}/teams/{quote(team, safe='')}{self._repo}"
        for entry in self._api.items(f"{self._repo}/teams", per_page="100"):
            if text(entry, "slug") == team or text(entry, "name") == team:
                if not update or _ROLES.get(text(entry, "permission"), _best(entry)) == permission:
                    return False
                break
        self._api.send("PUT", path, {"permission": permission})
        return True

    def put_key(self, name: str, public: str, *, read_only: bool) -> bool:
        path = f"{self._repo}/keys"
        for entry in self._api.items(path, per_page="100"):
            if text(entry, "title") == name:
                if same_key(text(entry, "key"), public) and dig(entry, "read_only") is read_only:
                    return False
                self._api.delete(f"{path}/{text(entry, 'id')}")
        self._api.send("POST", path, {"title": name, "key": public, "read_only": read_only})
        return True


def _best(entry: object) -> str:
    return next((role for role in _RANK if dig(entry, f"permissions.{role}") is True), "")


def same_key(one: str, other: str) -> bool:
    """Kind and key alike; a comment does not count."""
    return one.split()[:2] == other.split()[:2]


def check_owner(login: str, owner: str) -> None:
    """A personal repository belongs to whom the token belongs to."""
    if login.lower() != owner.lower():
        raise FluxError(
            f"the specified owner '{owner}' doesn't match the identity associated with the given token",
            hint=f"The token belongs to {login}: use --owner={login}, or leave --personal out.",
        )
