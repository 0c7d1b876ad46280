"""``flux bootstrap github|gitlab|gitea|bitbucket-server`` against servers that speak each host's documented API."""

import base64
import pathlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from bootstrap.conftest import Place
from bootstrap.git_hosts import Bitbucket, Gitea, GitHub, GitLab, Host
from bootstrap.git_servers import SshServer
from bootstrap.stand_in import Controllers

from flux_cli.core.api import SECRET

NAME = "flux-system-main-flux-system-./clusters/prod"


class Site(NamedTuple):
    """A host, and the command line that bootstraps from it. ``shown``: the repository in messages; ``team``: a team's name."""

    verb: str
    kind: Callable[[pathlib.Path], Host]
    variable: str
    owner: str
    domain: str
    team: str
    flag: str
    right: str
    granted: str
    more: str = ""

    @property
    def line(self) -> str:
        return f"bootstrap {self.verb} --owner {self.owner} --repository fleet --path clusters/prod {self.more}"


SITES = [
    Site("github", GitHub, "GITHUB_TOKEN", "acme", "{host}", "platform", "--team", "maintain", "maintain"),
    Site("gitea", Gitea, "GITEA_TOKEN", "acme", "{host}", "platform", "--team", "maintain", "-"),
    Site("gitlab", GitLab, "GITLAB_TOKEN", "acme/platform", "https://{host}", "ops", "--team", "maintain", "40"),
    Site("bitbucket-server", Bitbucket, "BITBUCKET_TOKEN", "project", "{host}", "platform", "--group", "push", "REPO_WRITE"),
]
EACH = pytest.mark.parametrize("site", SITES, ids=lambda site: site.verb)


class Bench:
    """A host, a cluster, and ``run``: the command line with the token."""

    stand: Controllers

    def __init__(self, site: Site, host: Host, place: Place, ca: pathlib.Path) -> None:
        self.site, self.host, self.place = site, host, place
        place.flux.environ[site.variable] = host.token
        self._flags = f"--hostname {host.name} --ca-file {ca}"

    def run(self, more: str = "--token-auth", **options: Any) -> Any:
        result = self.place.flux(f"{self.site.line} {self._flags} {more}", **options)
        assert self.host.token not in result.out + result.err
        return result

    @property
    def shown(self) -> str:
        return f"https://{self.host.name}/{self.site.owner}/fleet"

    def secret(self) -> dict[str, str]:
        data = self.place.cluster.get(SECRET, "flux-system", "flux-system")["data"]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}


@pytest.fixture
def bench(site: Site, place: Place, tmp_path: pathlib.Path) -> Iterator[Bench]:
    root = tmp_path / "repositories"
    root.mkdir()
    host = site.kind(root)
    host.ca.cert_pem.write_to_path(str(tmp_path / "ca.crt"))
    owner = "PROJ" if site.verb == "bitbucket-server" else site.owner
    stand = Controllers(place.watcher, root / owner / "fleet.git")
    made = Bench(site, host, place, tmp_path / "ca.crt")
    made.stand = stand
    yield made
    stand.stop()
    host.stop()


@EACH
def test_repository_team_and_manifests_with_a_token(bench: Bench) -> None:
    code, out, err = bench.run(f"--token-auth {bench.site.flag} {bench.site.team}")
    assert (code, out) == (0, ""), err
    right = bench.site.right
    assert err.startswith(
        f"► connecting to {bench.site.domain.format(host=bench.host.name)}\n"
        f'✔ repository "{bench.shown}" created\n'
        "► reconciling repository permissions\n"
        f'✔ granted "{right}" permissions to "{bench.site.team}"\n'
        "✔ reconciled repository permissions\n"
        '► cloning branch "main" from Git repository "https://'
    )
    assert list(bench.host.teams.values()) == [bench.site.granted]
    assert bench.secret()["username"] == "git"
    assert bench.secret()["password"] == bench.host.token
    again = bench.run(f"--token-auth {bench.site.flag} {bench.site.team}")
    assert again.code == 0
    assert "created" not in again.err
    assert "granted" not in again.err


@EACH
def test_deploy_key(bench: Bench, ssh_server: SshServer) -> None:
    """The key of an earlier run, on the second page, is replaced; keys of others stay."""
    code, _, err = bench.run(f"--ssh-hostname 127.0.0.1:{ssh_server.port}")
    assert code == 0, err
    assert f'✔ configured deploy key "{NAME}" for "{bench.shown}"\n' in err
    assert len(bench.host.keys) == 1
    first = bench.secret()["identity.pub"].strip()
    assert first in str(bench.host.keys[0])
    assert _read_only(bench.host.keys[0])

    mine = bench.host.keys.pop()
    for other in ("a", "b", "c"):
        renamed = {**mine, "title": other, "id": ord(other)}
        bench.host.keys.append(
            renamed | ({"key": {**mine["key"], "label": other, "id": ord(other)}} if "label" in mine["key"] else {})
        )
    bench.host.keys.append(mine)
    code, _, err = bench.run(f"--ssh-hostname 127.0.0.1:{ssh_server.port} --read-write-key")
    assert code == 0, err
    second = bench.secret()["identity.pub"].strip()
    assert second != first
    assert len(bench.host.keys) == 4
    assert second in str(bench.host.keys[-1])
    assert not _read_only(bench.host.keys[-1])


def _read_only(key: dict[str, Any]) -> bool:
    return bool(key.get("read_only", False)) or key.get("can_push") is False or key.get("permission") == "REPO_READ"


@EACH
def test_a_token_that_is_not_accepted(bench: Bench) -> None:
    bench.place.flux.environ[bench.site.variable] = "wrong-t0ken"
    code, _, err = bench.run()
    assert code == 1
    assert ": 401 Bad credentials" in err
    assert "wrong-t0ken" not in err
    assert f"does not accept the token in {bench.site.variable}" in err.splitlines()[-1]
    assert bench.place.recorder.writes == []


@EACH
@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (403, {"message": "Forbidden"}, "it needs "),
        (422, {"message": "Validation Failed", "errors": [{"message": "name is taken"}]}, "refuses what was asked for"),
        (409, {"errors": [{"message": "conflict"}]}, "refuses what was asked for"),
        (404, {"message": "Not Found"}, "may not see it"),
    ],
)
def test_a_repository_that_may_not_be_made(bench: Bench, status: int, body: Any, hint: str) -> None:
    bench.host.faults[r"^POST .*(repos|projects)$"] = [status, body, {}, 9]
    code, _, err = bench.run()
    assert code == 1
    line, advice = err.splitlines()[-2:]
    assert line.startswith(f'✗ failed to create new Git repository "{bench.shown}": POST ')
    assert f": {status} " in line
    assert hint in advice


def test_the_missing_scope_is_named(place: Place, tmp_path: pathlib.Path) -> None:
    site = SITES[0]
    host = GitHub(tmp_path)
    try:
        host.ca.cert_pem.write_to_path(str(tmp_path / "ca.crt"))
        scopes = {"x-oauth-scopes": "read:user", "x-accepted-oauth-scopes": "repo"}
        host.faults["^POST"] = [403, {"message": "Must have admin rights"}, scopes, 9]
        err = Bench(site, host, place, tmp_path / "ca.crt").run().err
        assert err.endswith("The token needs one of the scopes repo; it has read:user.\n")
    finally:
        host.stop()


@EACH
def test_rate_limits_are_waited_for(bench: Bench) -> None:
    """A short one is; one of an hour is told."""
    bench.host.faults["^GET"] = [429, {"message": "slow down"}, {"retry-after": "0"}, 2]
    assert bench.run().code == 0
    bench.host.faults["^GET"] = [429, {"message": "slow down"}, {"retry-after": "3000"}, 9]
    code, _, err = bench.run()
    assert code == 1
    assert "is used up: try again in 51 minutes." in err


@EACH
def test_a_host_that_stumbles_is_asked_again(bench: Bench) -> None:
    bench.host.faults["^GET"] = [502, {}, {}, 1]
    assert bench.run().code == 0


@EACH
def test_a_team_that_does_not_exist(bench: Bench) -> None:
    """The rest is done; the command fails at its end."""
    code, _, err = bench.run(f"--token-auth {bench.site.flag} nobody")
    assert code == 1
    assert f'✗ failed to grant "{bench.site.right}" permissions to "nobody": ' in err
    assert "✔ all components are healthy\n✗ failed to grant permissions to team: reconciled with warning\n" in err


@EACH
def test_teams_and_their_rights(bench: Bench) -> None:
    flag, team = bench.site.flag, bench.site.team
    assert bench.run(f"--token-auth {flag} {team}:pull").code == 0
    before = dict(bench.host.teams)
    assert bench.run(f"--token-auth {flag} {team}:admin").code == 0
    assert bench.host.teams == before
    assert bench.run(f"--token-auth --reconcile {flag} {team}:admin").code == 0
    assert (bench.host.teams != before) is (bench.site.verb != "gitea")  # there a team's rights are its own
    code, _, err = bench.run(f"--token-auth {flag} {team}:rule")
    assert (code, err.splitlines()[0]) == (
        1, f'✗ failed to reconcile repository team access: invalid permission "rule" for team "{team}"')  # fmt: skip


@EACH
def test_no_token_at_all(bench: Bench) -> None:
    del bench.place.flux.environ[bench.site.variable]
    code, out, err = bench.run()
    assert (code, err) == (1, "✗ could not read token: could not read from stdin: EOF\n")
    assert out.startswith("Please enter your ")
    assert bench.run(stdin=f"{bench.host.token}\n").code == 0


@EACH
def test_plan_changes_nothing(bench: Bench) -> None:
    code, out, err = bench.run("--token-auth --plan")
    assert (code, err) == (0, "")
    assert f"repository {bench.shown} would be created, private\n" in out
    assert bench.host.repos == {}
    assert bench.place.recorder.real() == []


@pytest.mark.parametrize("site", SITES[:3], ids=lambda site: site.verb)
def test_personal_repositories(bench: Bench) -> None:
    code, _, err = bench.run("--token-auth --personal --owner somebody")
    assert code == 1
    assert "the specified owner 'somebody' doesn't match the identity associated with the given token" in err
    bench.stand.repository = bench.host.root / "me" / "fleet.git"
    code, _, err = bench.run("--token-auth --personal --owner me")
    assert code == 0, err
    assert list(bench.host.repos) == ["me/fleet"]


@pytest.mark.parametrize("site", SITES[2:3], ids=lambda site: site.verb)
def test_gitlab_deploy_token(bench: Bench) -> None:
    for _ in range(2):  # a second run makes another one: GitLab never tells a token twice
        code, _, err = bench.run("--deploy-token-auth")
        assert code == 0, err
        assert (
            f'► checking to reconcile deploy token for source secret\n✔ configured deploy token "{NAME}" for "{bench.shown}"\n'
        ) in err
        assert [token["name"] for token in bench.host.tokens] == [NAME]  # type: ignore[attr-defined]
        assert {**bench.secret(), "ca.crt": ""} == {"username": "gitlab+deploy-token-1", "password": "d3ploy", "ca.crt": ""}
        assert "d3ploy" not in err


@pytest.mark.parametrize("site", SITES[2:3], ids=lambda site: site.verb)
def test_gitlab_flags(bench: Bench) -> None:
    assert bench.run("--token-auth --deploy-token-auth").err == "✗ --token-auth and --deploy-token-auth cannot be set both.\n"
    assert bench.run("--repository a/b").err.startswith(
        "✗ a/b is an invalid project name for gitlab.\nIt can contain only letters"
    )
    code, out, _ = bench.run("--token-auth --private=false")
    assert (code, out) == (
        0, "Flag --private has been deprecated, use --visibility instead\nUsing visibility public as --private=false\n")  # fmt: skip
    assert bench.host.repos["acme/platform/fleet"]["visibility"] == "public"


@pytest.mark.parametrize("verb", ["github", "gitea"])
def test_no_key_of_the_user_to_sign_with(place: Place, verb: str) -> None:
    code, out, err = place.flux(f"bootstrap {verb} --ssh-signing-reuse-private-key")
    assert (code, out) == (1, "")
    assert err.startswith(f"✗ --ssh-signing-reuse-private-key is not supported by 'bootstrap {verb}'; ")


def test_bitbucket_needs_a_host(place: Place) -> None:
    assert place.flux("bootstrap bitbucket-server", BITBUCKET_TOKEN="x").err == '✗ invalid hostname ""\n'
