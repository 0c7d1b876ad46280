"""GitLab: REST API v4."""

from collections.abc import Callable
from urllib.parse import quote

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import dig, items, text
from flux_cli.providers.github import check_owner, same_key
from flux_cli.providers.host import Place, origin
from flux_cli.providers.rest import Advice, Api

ADVICE = Advice("GitLab", "GITLAB_TOKEN", "the scope api, and the role Maintainer of the project or Owner of the group")
_ACCESS = {"pull": 10, "triage": 20, "push": 30, "maintain": 40, "admin": 50}


class GitLab:
    """``providers.host.TokenHost`` for one project. ``hostname`` may begin with a scheme."""

    def __init__(
        self, hostname: str, token: str, place: Place, *, ca: str = "", sleep: Callable[[float], None], now: Callable[[], float]
    ) -> None:  # fmt: skip
        self.domain, self._host = origin(hostname)
        self._base = self.domain
        self._place = place
        self._id = ""
        headers = {"private-token": token}
        self._api = Api(f"{self._base}/api/v4", headers, ADVICE, ca=ca, sleep=sleep, now=now)

    def close(self) -> None:
        self._api.close()

    @property
    def url(self) -> str:
        return f"https://{self._host}/{self._place.owner}/{self._place.name}"

    @property
    def clone_url(self) -> str:
        return f"{self._base}/{self._place.owner}/{self._place.name}.git"

    @property
    def ssh_url(self) -> str:
        return f"ssh://git@{self._host}/{self._place.owner}/{self._place.name}"

    @property
    def _project(self) -> str:
        return "/projects/" + quote(f"{self._place.owner}/{self._place.name}".lower(), safe="")

    def exists(self) -> bool:
        found = self._api.find(self._project)
        self._id = text(found, "id")
        return found is not None

    def create(self) -> None:
        place = self._place
        body = {"name": place.name, "path": place.name, "default_branch": place.default_branch, "visibility": place.visibility}
        if place.personal:
            check_owner(text(self._api.get("/user"), "username"), place.owner)
        else:
            group = self._api.get("/groups/" + quote(place.owner, safe=""))
            body |= {"namespace_id": dig(group, "id")}
        self._id = text(self._api.send("POST", "/projects", body), "id")

    def grant(self, team: str, permission: str, *, update: bool) -> bool:
        """Share the project with a group."""
        group = dig(self._api.get("/groups/" + quote(team, safe="")), "id")
        wanted = _ACCESS[permission]
        for entry in items(self._api.get(self._project), "shared_with_groups"):
            if dig(entry, "group_id") == group:
                if not update or dig(entry, "group_access_level") == wanted:
                    return False
                self._api.delete(f"/projects/{self._id}/share/{group}")
                break
        self._api.send("POST", f"/projects/{self._id}/share", {"group_id": group, "group_access": wanted})
        return True

    def put_key(self, name: str, public: str, *, read_only: bool) -> bool:
        path = f"/projects/{self._id}/deploy_keys"
        for entry in self._api.items(path, per_page="100"):
            if text(entry, "title") == name:
                if same_key(text(entry, "key"), public) and dig(entry, "can_push") is not read_only:
                    return False
                self._api.delete(f"{path}/{text(entry, 'id')}")
        self._api.send("POST", path, {"title": name, "key": public.strip(), "can_push": not read_only})
        return True

    def put_token(self, name: str) -> tuple[str, str]:
        path = f"/projects/{self._id}/deploy_tokens"
        for entry in self._api.items(path, active="true", per_page="100"):
            if text(entry, "name") == name:
                self._api.delete(f"{path}/{text(entry, 'id')}")
        made = self._api.send("POST", path, {"name": name, "scopes": ["read_repository"]})
        if not text(made, "token"):
            raise FluxError("GitLab made a deploy token and did not tell it")
        return text(made, "username"), text(made, "token")
