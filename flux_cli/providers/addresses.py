"""Where a repository of a Git host is: the same for every host unless it says otherwise."""

from urllib.parse import quote

from flux_cli.providers.host import Place
from flux_cli.providers.rest import Api


class Addresses:
    """``_base``: the host's URL; ``domain``: its name; the owner and name of the repository are the ``_place``'s."""

    _base: str
    domain: str
    _place: Place
    _api: Api

    def close(self) -> None:
        self._api.close()

    @property
    def url(self) -> str:
        return f"https://{self.domain}/{self._place.owner}/{self._place.name}"

    @property
    def clone_url(self) -> str:
        return f"{self._base}/{self._place.owner}/{self._place.name}.git"

    @property
    def ssh_url(self) -> str:
        return f"ssh://git@{self.domain}/{self._place.owner}/{self._place.name}"

    @property
    def _repo(self) -> str:
        """The repository in the API of GitHub and of those that follow it."""
        return f"/repos/{quote(self._place.owner, safe='')}/{quote(self._place.name, safe='')}"
