"""What goes wrong when a chart is fetched from a repository: whole messages, with what to do next."""

import base64
import functools
import http.server
import pathlib
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
from building.conftest import Tree
from building.test_chart_sources import BUILD, rendered, source
from building.test_helmreleases import packed, release
from front_door import Flux
from real_cluster import free_port

pytestmark = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
ELSE = "Or say where the chart is on this machine: --local-sources HelmRepository/apps/src=./folder\n"


class Charts:
    """A chart repository: over HTTP, with the login me/pw below /auth, and over TLS with an authority of its own."""

    def __init__(self, folder: pathlib.Path) -> None:
        root = folder / "repository"
        root.mkdir()
        (root / "web-1.2.0.tgz").write_bytes(packed())
        subprocess.run(["helm", "repo", "index", str(root)], check=True, capture_output=True)
        authority = trustme.CA()
        self.ca = authority.cert_pem.bytes().decode()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                known = self.headers.get("Authorization") == "Basic " + base64.b64encode(b"me:pw").decode()
                if self.path.startswith("/auth/") and not known:
                    return self.send_error(401)
                self.path = self.path.removeprefix("/auth")
                return super().do_GET()

        handler = functools.partial(Handler, directory=str(root))
        self._servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in range(2)]
        self._servers[1].socket = context.wrap_socket(self._servers[1].socket, server_side=True)
        for server in self._servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.http, self.https = (f"127.0.0.1:{server.server_address[1]}" for server in self._servers)

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


@pytest.fixture
def charts(tmp_path: pathlib.Path) -> Iterator[Charts]:
    made = Charts(tmp_path)
    yield made
    made.stop()


def release_of(chart: str = "web", version: str = "*") -> str:
    return release(
        f'      chart: {{spec: {{chart: {chart}, version: "{version}", sourceRef: {{kind: HelmRepository, name: src}}}}}}\n'
    )


@pytest.mark.parametrize(
    ("chart", "version", "said"),
    [
        ("web", "9.x", "no 'web' chart with version matching '9.x' found in http://{http}\nIts versions of web: 1.2.0\n"),
        ("nope", "*", "no 'nope' chart with version matching '*' found in http://{http}\nIts charts: web\n"),
        (
            "web", "one two",
            "'one two' is neither a version nor a range of versions\n"
            "A range is written as 1.x, >=1.2.0 <2.0.0 or ~1.2; >=1.2.0-0 takes pre-releases as well.\n",
        ),
    ],
)  # fmt: skip
def test_a_chart_that_is_not_there(flux: Flux, tree: Tree, charts: Charts, chart: str, version: str, said: str) -> None:
    tree({"live/all.yaml": release_of(chart, version) + source("HelmRepository", {"url": f"http://{charts.http}"})})
    assert flux(BUILD) == (1, "", f"✗ {said.format(http=charts.http)}")


@pytest.mark.parametrize(
    ("url", "login", "said"),
    [
        (
            "http://{http}/auth", None,
            "failed to fetch http://{http}/auth/index.yaml : 401 Unauthorized\n"
            "It wants a login: flux create secret helm NAME, then spec.secretRef.name of HelmRepository/apps/src.\n",
        ),
        (
            "http://{http}/auth", {"username": "me", "password": "wrong"},
            "failed to fetch http://{http}/auth/index.yaml : 401 Unauthorized\nIs the login in the Secret apps/login right?\n",
        ),
        (
            "http://{http}/none", None,
            "failed to fetch http://{http}/none/index.yaml : 404 File not found\n"
            "Is http://{http}/none the address of a chart repository? There has to be an index.yaml.\n",
        ),
        (
            "https://{https}", None,
            'Get "https://{https}/index.yaml": tls: failed to verify certificate: x509: certificate signed by unknown authority\n'
            "Its certificate is not trusted here: spec.certSecretRef of HelmRepository/apps/src names a Secret with ca.crt.\n",
        ),
        (
            "http://{closed}", None,
            'Get "http://{closed}/index.yaml": dial tcp {closed}: connect: connection refused\nIs http://{closed} reachable from here?\n',
        ),
    ],
)  # fmt: skip
def test_a_repository_that_does_not_answer(
    flux: Flux, tree: Tree, charts: Charts, url: str, login: dict[str, str] | None, said: str
) -> None:
    places = {"http": charts.http, "https": charts.https, "closed": f"127.0.0.1:{free_port()}"}
    tree({"live/all.yaml": release_of() + source("HelmRepository", {"url": url.format(**places)}, login)})
    assert flux(BUILD) == (1, "", f"✗ helm repo update failed: {said.format(**places)}{ELSE}")


def test_the_ways_to_mend_it(flux: Flux, tree: Tree, charts: Charts) -> None:
    spec: dict[str, Any] = {"url": f"http://{charts.http}/auth"}
    tree({"live/all.yaml": release_of() + source("HelmRepository", spec, {"username": "me", "password": "pw"})})
    rendered(flux(BUILD))
    spec = {"url": f"https://{charts.https}", "certSecretRef": {"name": "login"}}
    tree({"live/all.yaml": release_of() + source("HelmRepository", spec, {"ca.crt": charts.ca})})
    rendered(flux(BUILD))
    tree({"live/all.yaml": release_of() + source("HelmRepository", spec | {"secretRef": {"name": "gone"}}, None)})
    said = "failed to get secret 'apps/gone': secrets \"gone\" not found"
    mend = "HelmRepository/apps/src names it in spec.secretRef: kubectl get secrets -n apps"
    assert flux(BUILD) == (1, "", f"✗ {said}\n{mend}\n")


PARENT = "apiVersion: v2\nname: parent\nversion: 0.1.0\ndependencies: [{{name: web, version: 1.x, repository: '{}'}}]\n"


@pytest.mark.parametrize(
    ("repository", "login", "said"),
    [
        ("http://{http}", None, ""),
        ("http://{http}/auth", {"username": "me", "password": "pw"}, ""),  # of the HelmRepository with the same URL
        ("@src", {"username": "me", "password": "pw"}, ""),
        ("alias:src", {"username": "me", "password": "pw"}, ""),
        (
            "@nope",
            None,
            "there is no HelmRepository apps/nope, which the chart's dependencies name\nflux get sources helm -n apps\n",
        ),
        (
            "http://{http}/auth",
            None,
            "helm repo update failed: failed to fetch http://{http}/auth/index.yaml : 401 Unauthorized\n",
        ),
    ],
)
def test_charts_that_a_chart_needs(
    flux: Flux, tree: Tree, charts: Charts, repository: str, login: dict[str, str] | None, said: str
) -> None:
    """From the repository that the chart names, with the login that the namespace has for it; the chart itself is not changed."""
    parent = {"parent/Chart.yaml": PARENT.format(repository.format(http=charts.http))}
    url = f"http://{charts.http}/auth" if login else "http://elsewhere.invalid"
    tree({**parent, "live/all.yaml": release() + source("HelmRepository", {"url": url}, login)})
    answer = flux("build hr web -n apps --from ./live --path ./parent")
    if said:
        assert answer == (1, "", f"✗ {said.format(http=charts.http)}")
    else:
        rendered(answer, replicas="1")


def test_a_lock_file_counts(flux: Flux, tree: Tree, charts: Charts, tmp_path: pathlib.Path) -> None:
    text = PARENT.format(f"http://{charts.http}")
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / "Chart.yaml").write_text(text)
    environ = {"PATH": flux.environ["PATH"], "HOME": str(tmp_path)}
    subprocess.run(["helm", "dependency", "update", "locked"], cwd=tmp_path, check=True, capture_output=True, env=environ)
    lock = (tmp_path / "locked" / "Chart.lock").read_text()
    for content, said in ((lock, ""), (lock.replace("digest: sha256:", "digest: sha256:0"), "out of sync with")):
        tree({"parent/Chart.yaml": text, "parent/Chart.lock": content, "live/all.yaml": release()})
        answer = flux("build hr web -n apps --from ./live --path ./parent")
        if said:
            assert answer.code == 1
            assert said in answer.err
        else:
            rendered(answer, replicas="1")


@pytest.mark.parametrize("kind", ["OCIRepository", "HelmRepository"])
def test_a_registry_of_a_cloud(flux: Flux, tree: Tree, tmp_path: pathlib.Path, kind: str) -> None:
    """``spec.provider`` asks the cloud's own program, unless a Secret or docker's login file knows better."""
    url = "oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/charts"
    spec = (
        {"type": "oci", "provider": "aws", "url": url} if kind == "HelmRepository" else {"provider": "aws", "url": f"{url}/web"}
    )
    text = release_of() if kind == "HelmRepository" else release("      chartRef: {kind: OCIRepository, name: src}\n")
    tree({"live/all.yaml": text + source(kind, spec)})
    program = tmp_path / "bin" / "aws"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n[ \"$*\" = 'ecr get-login-password --region eu-west-1' ] || exit 9\necho 'Token has expired.' >&2\nexit 255\n"
    )
    program.chmod(0o755)
    answer = flux(BUILD, PATH=f"{program.parent}:{flux.environ['PATH']}")
    assert answer.err.splitlines()[:2] == [
        "✗ aws ecr get-login-password failed: Token has expired.",
        "Log in: aws configure, or aws sso login, or give the source a Secret.",
    ]
