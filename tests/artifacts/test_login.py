"""Logins: token and basic, from login files, helpers, flags and the clouds' command lines; and what a registry may do wrong."""

import base64
import json
import pathlib
from collections.abc import Callable

import pytest
import trustme
from artifacts.registry import BINARY, Registry
from artifacts.small_registry import SmallRegistry
from front_door import Flux

from flux_cli.oci.credentials import Login, from_provider
from flux_cli.oci.reference import parse

Small = Callable[..., SmallRegistry]
PUSH = "push artifact oci://{}/apps:v1 --path ./app --source s --revision r --reproducible"

pytestmark = pytest.mark.usefixtures("app_folder")


def login_file(home: pathlib.Path, **content: object) -> None:
    (home / ".docker").mkdir(exist_ok=True)
    (home / ".docker" / "config.json").write_text(json.dumps(content))


def program(folder: pathlib.Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n" + script)
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("kind", ["Bearer", "Basic"])
def test_creds_log_in(flux: Flux, small: Small, kind: str) -> None:
    registry = small({"me": "secret"}, kind=kind)
    answer = flux(f"{PUSH.format(registry.address)} --creds me:secret")
    assert answer.code == 0
    assert answer.err.startswith("► logging in to registry with credentials\n► pushing artifact to ")
    assert "secret" not in answer.out + answer.err
    wrong = flux(f"{PUSH.format(registry.address)} --creds me:wrong")
    assert wrong.code == 1
    assert "wrong" not in wrong.err.replace("incorrect username", "")
    assert ("incorrect username or password" if kind == "Bearer" else "unexpected status code 401") in wrong.err


def test_a_token_is_sent_as_it_is(flux: Flux, small: Small) -> None:
    registry = small({"me": "secret"})
    assert flux(f"{PUSH.format(registry.address)} --creds token-me").code == 0
    assert "GET /token" not in registry.log


def test_login_files(flux: Flux, small: Small, tmp_path: pathlib.Path) -> None:
    registry = small({"me": "secret"})
    pair = base64.b64encode(b"me:secret").decode()
    login_file(tmp_path, auths={registry.address: {"auth": pair}})
    assert flux(PUSH.format(registry.address)).code == 0
    login_file(tmp_path, auths={f"https://{registry.address}/v1/": {"auth": pair}})
    assert flux(PUSH.format(registry.address)).code == 0
    login_file(tmp_path, auths={f"{registry.address}/other": {"auth": pair}})
    assert flux(PUSH.format(registry.address)).code == 1


def test_a_credential_helper_is_asked(flux: Flux, small: Small, tmp_path: pathlib.Path) -> None:
    registry = small({"me": "secret"})
    program(
        tmp_path / "bin", "docker-credential-test", 'read host; echo "{\\"Username\\": \\"me\\", \\"Secret\\": \\"secret\\"}"\n'
    )
    path = f"{tmp_path / 'bin'}:{flux.environ['PATH']}"
    login_file(tmp_path, credHelpers={registry.address: "test"})
    assert flux(PUSH.format(registry.address), PATH=path).code == 0
    missing = flux(PUSH.format(registry.address))
    assert missing.code == 1
    assert "docker-credential-test is not installed" in missing.err


CLOUDS = [
    (
        "aws", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "aws", "ecr get-login-password --region eu-west-1", "AWS",
        "\nUnable to locate credentials. You can configure credentials by running \"aws configure\".",
        'aws ecr get-login-password failed: Unable to locate credentials. You can configure credentials by running "aws configure".',
        "aws configure, or aws sso login",
    ),
    (
        "aws", "public.ecr.aws", "aws", "ecr-public get-login-password --region us-east-1", "AWS",
        "\nError loading SSO Token: Token for corp does not exist", "aws ecr-public get-login-password failed: Error loading SSO Token: "
        "Token for corp does not exist", "aws configure, or aws sso login",
    ),
    (
        "azure", "acme.azurecr.io", "az", "acr login --name acme --expose-token --output tsv --query accessToken",
        "00000000-0000-0000-0000-000000000000", "ERROR: Please run 'az login' to setup account.",
        "az acr login failed: Please run 'az login' to setup account.", "az login",
    ),
    (
        "gcp", "europe-docker.pkg.dev", "gcloud", "auth print-access-token", "oauth2accesstoken",
        "ERROR: (gcloud.auth.print-access-token) You do not currently have an active account selected.\nPlease run:\n\n"
        "  $ gcloud auth login\n\nto obtain new credentials.", "gcloud auth print-access-token failed: "
        "(gcloud.auth.print-access-token) You do not currently have an active account selected.", "gcloud auth login",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "host", "name", "args", "user", "stderr", "said", "login"), CLOUDS)
def test_a_cloud_is_asked_through_its_own_command_line(
    flux: Flux,
    tmp_path: pathlib.Path,
    provider: str,
    host: str,
    name: str,
    args: str,
    user: str,
    stderr: str,
    said: str,
    login: str,
) -> None:
    """Whoever is logged in there is who we are; what the programs say when nobody is, or when they are not there, is passed on."""
    line = f"push artifact oci://{host}/p/apps:v1 --path ./app --source s --revision r --provider {provider}"
    failed = f"✗ error during login with provider: could not login to provider {provider} with url {host}/p/apps: "
    head = "► logging in to registry with provider credentials\n"
    bare = flux(line, PATH=str(tmp_path))
    assert bare == (1, "", f"{head}{failed}{name} is not installed\nInstall {name} and log in with it, or use --creds.\n")
    path = f"{tmp_path / 'bin'}:{flux.environ['PATH']}"
    (tmp_path / "said").write_text(stderr + "\n")
    program(tmp_path / "bin", name, f"cat {tmp_path}/said >&2; exit 1\n")
    assert flux(line, PATH=path) == (1, "", f"{head}{failed}{said}\nLog in: {login}, or use --creds.\n")
    program(tmp_path / "bin", name, f"[ \"$*\" = '{args}' ] || exit 9\necho 'WARNING: soon' >&2\necho the-token\n")
    environ = flux.environ | {"PATH": path}
    assert from_provider(provider, parse(f"{host}/p/apps:v1"), environ) == Login(user, "the-token")


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        ("aws", "ghcr.io is not an Elastic Container Registry"),
        ("azure", "ghcr.io is not an Azure Container Registry"),
        ("gcp", "ghcr.io is not a Google container or artifact registry"),
    ],
)
def test_a_registry_of_another_cloud(flux: Flux, provider: str, said: str) -> None:
    answer = flux(f"list artifacts oci://ghcr.io/p/apps --provider {provider}")
    assert answer.err.endswith(f"could not login to provider {provider} with url ghcr.io/p/apps: {said}\n")


def test_what_may_pass_is_tried_again(flux: Flux, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = small()
    registry.fail = {"^POST .*/uploads/": 2}
    monkeypatch.setattr("flux_cli.services.artifacts.PAUSE", 0.01)
    assert flux(PUSH.format(registry.address)).code == 0
    assert sum(line.startswith("POST") for line in registry.log) == 4  # two refused, one each for layer and config


def test_an_upload_that_broke_off_goes_on(flux: Flux, small: Small) -> None:
    registry = small(cut=100)
    assert flux(PUSH.format(registry.address)).code == 0
    layer = json.loads(registry.manifests["apps"]["v1"][0])["layers"][0]
    assert len(registry.blobs[layer["digest"]]) == layer["size"]


def test_content_that_is_not_what_its_digest_says_is_refused(flux: Flux, small: Small, tmp_path: pathlib.Path) -> None:
    registry = small()
    assert flux(PUSH.format(registry.address)).code == 0
    registry.lie = True
    (tmp_path / "out").mkdir()
    answer = flux(f"pull artifact oci://{registry.address}/apps:v1 --output ./out")
    assert answer.code == 1
    assert "error verifying sha256 checksum" in answer.err
    assert list((tmp_path / "out").iterdir()) == []


def test_debug_tells_every_answer(flux: Flux, small: Small) -> None:
    registry = small({"me": "secret"})
    base = f"http://{registry.address}"
    said = flux(f"{PUSH.format(registry.address)} --creds me:secret --debug").err.splitlines()
    assert f"GET {base}/v2/ 401" in said
    assert f"GET {base}/token 200" in said
    assert f"PUT {base}/v2/apps/manifests/v1 201" in said
    assert not [line for line in said if "secret" in line or "?" in line]


def test_tags_come_in_pages(flux: Flux, small: Small) -> None:
    registry = small(page=2)
    assert flux(PUSH.format(registry.address)).code == 0
    assert flux(f"tag artifact oci://{registry.address}/apps:v1 --tag a,b,c,d").code == 0
    listed = flux(f"list artifacts oci://{registry.address}/apps").out.splitlines()
    assert [line.split("\t")[0].strip().rpartition(":")[2] for line in listed[1:]] == ["v1", "d", "c", "b", "a"]


def test_nobody_answers(flux: Flux, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flux_cli.services.artifacts.PAUSE", 0.01)
    answer = flux("list artifacts oci://127.0.0.1:9/apps")
    assert answer == (
        1, "",
        '✗ listing tags failed: Get "http://127.0.0.1:9/v2/": connect: connection refused\n'
        "Is 127.0.0.1:9 reachable from here? A registry without TLS needs --insecure-registry.\n",
    )  # fmt: skip


@pytest.mark.skipif(not BINARY, reason="docker-registry is not installed")
def test_tls_is_checked(flux: Flux, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry elsewhere (this one passes for it) must show a certificate that the machine trusts, or be declared insecure."""
    monkeypatch.setattr("flux_cli.oci.reference.Reference.plain_http", False)
    monkeypatch.setattr("flux_cli.services.artifacts.PAUSE", 0.01)
    ca = trustme.CA()
    mine = ca.issue_cert("127.0.0.1")
    (tmp_path / "key.pem").write_bytes(mine.private_key_pem.bytes())
    (tmp_path / "cert.pem").write_bytes(mine.cert_chain_pems[0].bytes())
    (tmp_path / "ca.pem").write_bytes(ca.cert_pem.bytes())
    registry = Registry(tmp_path, tls=f", tls: {{certificate: {tmp_path}/cert.pem, key: {tmp_path}/key.pem}}")
    try:
        refused = flux(PUSH.format(registry.address))
        assert refused.code == 1
        assert "tls: failed to verify certificate" in refused.err
        assert flux(f"{PUSH.format(registry.address)} --insecure-registry").code == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert flux(PUSH.format(registry.address)).code == 0
    finally:
        registry.stop()
