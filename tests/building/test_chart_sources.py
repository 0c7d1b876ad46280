"""Charts from where they are hard to get: buckets of every provider, Git by tag, range, name and commit, artifacts in the cluster."""

import base64
import hashlib
import io
import json
import pathlib
import shutil
import socket
import tarfile
import time
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
import yaml
from bootstrap.git_servers import Bare, HttpServer, git
from building.conftest import CRDS, Tree, crd
from building.storages import GATEWAY, Azure, Google, S3Gateway, Served
from building.test_helmreleases import CHART, INLINE, config_map, packed, release
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from front_door import Flux, Result
from real_cluster import RealCluster

pytestmark = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
BUILD = "build hr web -n apps --from ./live"
FILES = {f"charts/web/{name}": text.encode() for name, text in CHART.items()}


def source(kind: str, spec: dict[str, Any], login: dict[str, str] | None = None, **status: Any) -> str:
    """YAML of a source ``src`` and of the Secret with its login."""
    head = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind, "metadata": {"name": "src", "namespace": "apps"}}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "namespace": "apps"}}
    data = {key: base64.b64encode(value.encode()).decode() for key, value in (login or {}).items()}
    ref = {"secretRef": {"name": "login"}} if login else {}
    return yaml.safe_dump_all([head | {"spec": spec | ref, "status": status}, secret | {"data": data}], explicit_start=True)


def put(root: pathlib.Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def rendered(answer: Result, **values: str) -> None:
    assert (answer.code, answer.err) == (0, "")
    assert config_map(**values) in answer.out


@pytest.fixture
def gateway(tmp_path: pathlib.Path) -> Iterator[S3Gateway]:
    if not GATEWAY.exists():
        pytest.skip("no versitygw: set FLUX_TEST_ASSETS (make assets builds it)")
    made = S3Gateway(tmp_path / "s3")
    yield made
    made.stop()


def s3(gateway: S3Gateway, **over: Any) -> dict[str, Any]:
    return {"provider": "generic", "bucketName": "fleet", "endpoint": gateway.address, "insecure": True, **over}


def test_a_bucket_that_speaks_s3(flux: Flux, tree: Tree, gateway: S3Gateway) -> None:
    """More objects than a page, keys with signs, rules that leave files out, only what the prefix selects."""
    many = {f"many/{i}": b"x" for i in range(1100)}
    rules = {".sourceignore": b"/charts/web/templates/gone.yaml\n", "charts/web/templates/gone.yaml": b"{{ fail }}"}
    put(gateway.data / "fleet", FILES | many | rules | {"charts/web/files/a b+c&d=é.txt": b"odd", "out/../x": b""})
    login = {"accesskey": gateway.access, "secretkey": gateway.secret}
    tree({"live/all.yaml": release(INLINE % ("./charts/web", "Bucket")) + source("Bucket", s3(gateway), login)})
    rendered(flux(BUILD))
    narrow = source("Bucket", s3(gateway, prefix="charts/web/", ignore="# by hand\ngone.yaml"), login)
    tree({"live/all.yaml": release(INLINE % ("charts/web", "Bucket")) + narrow})
    rendered(flux(BUILD))


@pytest.mark.parametrize(
    ("spec", "login", "said"),
    [
        ({}, ("AKIATEST", "wrong"), "SignatureDoesNotMatch: "),
        ({}, None, "AccessDenied: Access Denied."),
        ({"bucketName": "nope"}, ("AKIATEST", "a-secret/with+signs"), "NoSuchBucket: The specified bucket does not exist."),
    ],
)
def test_a_bucket_that_refuses(flux: Flux, tree: Tree, gateway: S3Gateway, spec: Any, login: Any, said: str) -> None:
    put(gateway.data / "fleet", FILES)
    who = {"accesskey": login[0], "secretkey": login[1]} if login else None
    tree({"live/all.yaml": release(INLINE % ("./charts/web", "Bucket")) + source("Bucket", s3(gateway, **spec), who)})
    answer = flux(BUILD)
    lines = answer.err.splitlines()
    assert answer.code == 1
    assert lines[0].startswith(f"✗ GET http://{gateway.address}/{spec.get('bucketName', 'fleet')}/: {said}")
    assert lines[-2:] == [
        "Nor else: Bucket/apps/src has no artifact",
        "Or say where it is on this machine: --local-sources Bucket/apps/src=./folder",
    ]
    assert "with+signs" not in answer.err


def test_a_bucket_of_aws_with_the_login_of_this_machine(
    flux: Flux, tree: Tree, gateway: S3Gateway, tmp_path: pathlib.Path
) -> None:
    """``aws configure export-credentials`` knows who is logged in."""
    put(gateway.data / "fleet", FILES)
    spec = source("Bucket", s3(gateway, provider="aws"))
    tree({"live/all.yaml": release(INLINE % ("./charts/web", "Bucket")) + spec})
    keys = json.dumps({"Version": 1, "AccessKeyId": gateway.access, "SecretAccessKey": gateway.secret})
    script = f"[ \"$*\" = 'configure export-credentials --format process' ] || exit 9\necho '{keys}'\n"
    rendered(flux(BUILD, PATH=_program(tmp_path, "aws", script, flux)))
    lost = _program(tmp_path, "aws", "echo >&2; echo 'Unable to locate credentials.' >&2; exit 255\n", flux)
    answer = flux(BUILD, PATH=lost)
    assert answer.err.splitlines()[:2] == [
        "✗ aws configure export-credentials failed: Unable to locate credentials.",
        "Log in: aws configure, or aws sso login, or give the source a Secret.",
    ]


def _program(folder: pathlib.Path, name: str, script: str, flux: Flux) -> str:
    """A PATH on which this script comes first."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return f"{path.parent}:{flux.environ['PATH']}"


def test_a_bucket_of_google(flux: Flux, tree: Tree, tmp_path: pathlib.Path) -> None:
    google = Google(FILES | {"charts/web/files/a b+c&d=é.txt": b"odd"})
    spec = {"provider": "gcp", "bucketName": "charts", "endpoint": "storage.googleapis.com"}
    text = release(INLINE % ("./charts/web", "Bucket"))
    try:
        tree({"live/all.yaml": text + source("Bucket", spec, {"serviceaccount": google.account()})})
        rendered(flux(BUILD, STORAGE_EMULATOR_HOST=google.address))
        tree({"live/all.yaml": text + source("Bucket", spec)})
        refused = flux(BUILD, STORAGE_EMULATOR_HOST=google.address)
        assert refused.err.startswith(f"✗ GET http://{google.address}/storage/v1/b/charts/o: 401: Anonymous caller does not have")
        tree({"live/all.yaml": text + source("Bucket", spec, {"serviceaccount": "{}"})})
        said = "✗ the source's Secret holds no key file of a service account in serviceaccount\n"
        assert flux(BUILD).err.startswith(said)
    finally:
        google.stop()


@pytest.mark.parametrize(
    "login",
    [
        {"accountKey": Azure.key},
        {"sasKey": "?sv=2021-08-06&sig=a%2Bb%2Fc%3D"},
        {"tenantId": "tenant", "clientId": "me", "clientSecret": "hush", "authorityHost": "*"},
    ],
)
def test_a_bucket_of_azure(flux: Flux, tree: Tree, login: dict[str, str]) -> None:
    azure = Azure(FILES | {"charts/web/files/a b+c.txt": b"odd"})
    login = {key: f"http://{azure.address}" if value == "*" else value for key, value in login.items()}
    spec = {"provider": "azure", "bucketName": "charts", "endpoint": azure.endpoint}
    try:
        tree({"live/all.yaml": release(INLINE % ("./charts/web", "Bucket")) + source("Bucket", spec, login)})
        rendered(flux(BUILD))
    finally:
        azure.stop()


def certificate(form: str, password: bytes | None) -> tuple[x509.Certificate, bytes]:
    """A client certificate signed by an authority, with its key and that authority's certificate in one file."""
    authority = trustme.CA(key_type=trustme.KeyType.RSA)
    leaf = authority.issue_cert("me.example.com", key_type=trustme.KeyType.RSA)
    pem = leaf.cert_chain_pems[0].bytes()
    own, issuer = (x509.load_pem_x509_certificate(data) for data in (pem, authority.cert_pem.bytes()))
    if form == "pem":  # the authority first: which one is the key's is found out
        return own, leaf.private_key_pem.bytes() + authority.cert_pem.bytes() + pem
    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return own, pkcs12.serialize_key_and_certificates(b"me", key, own, [issuer], hidden)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("form", "password", "more", "chain"),
    [
        ("pem", None, {}, 0),
        ("pem", None, {"clientCertificateSendChain": "true"}, 2),
        ("pfx", None, {"clientCertificateSendChain": "1"}, 2),
        ("pfx", b"open-sesame", {"clientCertificatePassword": "open-sesame"}, 0),
    ],
)
def test_a_bucket_of_azure_by_certificate(
    flux: Flux, tree: Tree, form: str, password: bytes | None, more: dict[str, str], chain: int
) -> None:
    azure = Azure(FILES)
    registered, data = certificate(form, password)
    azure.trust(registered)
    login = {"tenantId": "tenant", "clientId": "me", "authorityHost": f"http://{azure.address}", **more}
    spec = {"provider": "azure", "bucketName": "charts", "endpoint": azure.endpoint}
    text = source("Bucket", spec, login).replace("data:\n", f"data:\n  clientCertificate: {base64.b64encode(data).decode()}\n")
    try:
        tree({"live/all.yaml": release(INLINE % ("./charts/web", "Bucket")) + text})
        rendered(flux(BUILD))
        assert azure.chain == chain
        if password:
            tree(
                {"live/all.yaml": release(INLINE % ("./charts/web", "Bucket")) + text.replace("clientCertificatePassword", "no")}
            )
            said = "the source's Secret holds a clientCertificate that cannot be opened: its password is not clientCertificatePassword"
            assert flux(BUILD).err.splitlines()[0] == f"✗ {said}"
    finally:
        azure.stop()


def test_what_azure_refuses(flux: Flux, tree: Tree, tmp_path: pathlib.Path) -> None:
    azure = Azure(FILES)
    spec = {"provider": "azure", "bucketName": "charts", "endpoint": azure.endpoint}
    text = release(INLINE % ("./charts/web", "Bucket"))
    try:
        for login, said in (
            ({"accountKey": base64.b64encode(b"wrong").decode()}, f"GET {azure.endpoint}/charts: AuthenticationFailed: No."),
            ({"accountKey": "!"}, "the source's Secret holds an accountKey that is not base64"),
            (
                {"tenantId": "tenant", "clientId": "me", "clientSecret": "no", "authorityHost": f"http://{azure.address}"},
                f"POST http://{azure.address}/tenant/oauth2/v2.0/token: invalid_client: AADSTS7000215: no",
            ),
            (
                {"tenantId": "t", "clientId": "me", "clientCertificate": "x"},
                "the source's Secret holds a clientCertificate that cannot be opened: it is neither PEM nor PKCS#12",
            ),
        ):
            tree({"live/all.yaml": text + source("Bucket", spec, login)})
            assert flux(BUILD).err.splitlines()[0] == f"✗ {said}"
        tree({"live/all.yaml": text + source("Bucket", spec)})
        script = "[ \"$*\" = 'account get-access-token --resource https://storage.azure.com/ --query accessToken --output tsv' ] || exit 9\n"
        rendered(flux(BUILD, PATH=_program(tmp_path, "az", script + "echo let-me-in\n", flux)))
        out = _program(tmp_path, "az", "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1\n", flux)
        assert flux(BUILD, PATH=out).err.splitlines()[:2] == [
            "✗ az account get-access-token failed: Please run 'az login' to setup account.",
            "Log in: az login, or give the source a Secret.",
        ]
    finally:
        azure.stop()


@pytest.mark.parametrize(
    "page",
    [
        b"<ListBucketResult><Contents><Key>../../evil</Key><Size>1</Size></Contents></ListBucketResult>",
        b"<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents><Contents><Key>a/b</Key><Size>1</Size></Contents></ListBucketResult>",
        b"<ListBucketResult><Contents><Key>a</Key><Size>many</Size></Contents></ListBucketResult>",
        b"<ListBucketResult><Contents><Key>a</Key><Size>9</Size></Contents></ListBucketResult>",
        b"<ListBucketResult><Contents><Key>a</Key><Size>99999999999</Size></Contents></ListBucketResult>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><ListBucketResult>&a;</ListBucketResult>',
        b"<ListBucketResult>",
        b"no xml \xff",
    ],
)
def test_a_bucket_that_lies(flux: Flux, tree: Tree, tmp_path: pathlib.Path, page: bytes) -> None:
    """Paths that lead out, sizes that are none, listings that are none: an error, and nothing written outside."""
    server = Served(lambda method, url, headers, body: (200, page if url.path.endswith("/fleet/") else b"x"))
    spec = {"bucketName": "fleet", "endpoint": server.address, "insecure": True}
    try:
        tree({"live/all.yaml": release(INLINE % ("a", "Bucket")) + source("Bucket", spec)})
        answer = flux(BUILD)
        assert answer.code == 1
        assert answer.err.startswith("✗ the ") or answer.err.startswith("✗ a does not have the 9 bytes")
        assert "internal error" not in answer.err
        assert not (tmp_path / "evil").exists()
    finally:
        server.stop()


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> Iterator[tuple[HttpServer, list[str]]]:
    """A repository whose chart says 1, 2, 3, 4 replicas in its four commits; the first three are tagged, the last is on a branch."""
    (tmp_path / "served").mkdir()
    bare = Bare(tmp_path / "served")
    work, commits = tmp_path / "clone", []
    git("clone", "-q", str(bare.path), str(work))
    git("checkout", "-q", "-B", "main", cwd=work)
    for number, tag in enumerate(("v1.0.0", "v1.2.0", "v2.0.0-rc.1", ""), 1):
        if number == 4:
            git("checkout", "-q", "-b", "next", cwd=work)
        values = CHART["values.yaml"].replace("replicas: 1", f"replicas: {number}")
        put(
            work,
            FILES | {"charts/web/values.yaml": values.encode(), ".sourceignore": b"*.bad\n", "charts/web/templates/x.bad": b"{{"},
        )
        git("add", "-A", cwd=work)
        git("commit", "-q", "-m", f"commit {number}", cwd=work)
        commits.append(git("rev-parse", "HEAD", cwd=work).strip())
        if tag:
            git("tag", "-a", "-m", tag, tag, cwd=work)
    git("push", "-q", "--all", "origin", cwd=work)
    git("push", "-q", "--tags", "origin", cwd=work)
    server = HttpServer(tmp_path / "served")
    yield server, commits
    server.stop()


@pytest.mark.parametrize(
    ("ref", "replicas"),
    [
        ({"tag": "v1.0.0"}, "1"), ({"semver": "1.x"}, "2"), ({"semver": ">=1.0.0-0"}, "3"), ({"semver": "<1.2.0", "tag": "v1.2.0"}, "1"),
        ({"name": "refs/heads/next"}, "4"), ({"name": "refs/tags/v1.2.0", "branch": "main"}, "2"), ({"branch": "main"}, "3"),
        ({"commit": 0}, "1"), ({"commit": 3, "branch": "next"}, "4"), ({"commit": 1, "branch": "main"}, "2"),
    ],
)  # fmt: skip
def test_git_by_every_reference(
    flux: Flux, tree: Tree, repository: tuple[HttpServer, list[str]], ref: dict[str, Any], replicas: str
) -> None:
    server, commits = repository
    if "commit" in ref:
        ref = {**ref, "commit": commits[ref["commit"]]}
    text = release(INLINE % ("./charts/web", "GitRepository")).replace("values: {replicas: 2}", "values: {}")
    tree({"live/all.yaml": text + source("GitRepository", {"url": server.url, "ref": ref})})
    rendered(flux(BUILD), replicas=replicas)


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ({"tag": "v9"}, "unable to clone '{url}': couldn't find remote ref \"refs/tags/v9\""),
        ({"semver": "9.x"}, "no match found for semver: 9.x"),
        ({"name": "refs/pull/1/head"}, "unable to clone '{url}': couldn't find remote ref \"refs/pull/1/head\""),
        ({}, "unable to clone '{url}': couldn't find remote ref \"refs/heads/master\""),
        ({"commit": "0" * 40}, "unable to resolve commit object for '" + "0" * 40 + "': object not found"),
        ({"commit": "short"}, "unable to resolve commit object for 'short': object not found"),
    ],
)
def test_a_reference_that_is_not_there(
    flux: Flux, tree: Tree, repository: tuple[HttpServer, list[str]], ref: dict[str, Any], said: str
) -> None:
    server, _ = repository
    text = release(INLINE % ("./charts/web", "GitRepository"))
    tree({"live/all.yaml": text + source("GitRepository", {"url": server.url, "ref": ref})})
    answer = flux(BUILD)
    assert (answer.code, answer.err.splitlines()[0]) == (1, f"✗ {said.format(url=server.url)}")


def test_a_chart_outside_of_its_source(flux: Flux, tree: Tree, repository: tuple[HttpServer, list[str]]) -> None:
    text = release(INLINE % ("../../../../etc", "GitRepository"))
    tree({"live/all.yaml": text + source("GitRepository", {"url": repository[0].url, "ref": {"branch": "main"}})})
    assert flux(BUILD).err == "✗ the chart's path leads out of the source: ../../../../etc\n"


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


class InCluster:
    """A stand-in for source-controller's file server, as a service of a real API server, reached through its proxy."""

    def __init__(self, cluster: RealCluster) -> None:
        self.files: dict[str, bytes] = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:  # the API server proxies to no loopback address
            probe.connect(("198.51.100.1", 9))
            ip = probe.getsockname()[0]
        self._server = Served(lambda m, url, h, b: (200, self.files[url.path]) if url.path in self.files else (404, b"no"), ip)
        port = int(self._server.address.rpartition(":")[2])
        meta = {"name": "source-controller", "namespace": "flux-system"}
        cluster.load(
            [
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "flux-system"}},
                {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"ports": [{"name": "http", "port": 80}]}},
                {
                    "apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [{"name": "c", "image": "c"}]},
                    "status": {"phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}]},
                },
                {
                    "apiVersion": "v1", "kind": "Endpoints", "metadata": meta,
                    "subsets": [
                        {
                            "addresses": [{"ip": ip, "targetRef": {"kind": "Pod", **meta}}],
                            "ports": [{"name": "http", "port": port}],
                        }
                    ],
                },
            ]
        )  # fmt: skip
        self.stop = self._server.stop
        self._await(cluster)

    def _await(self, cluster: RealCluster) -> None:
        """The API server needs a moment to know the service."""
        self.files["/"] = b"ready"
        for _ in range(200):
            status, said = cluster.call("GET", "/api/v1/namespaces/flux-system/services/http:source-controller:80/proxy/")
            if status == 200:
                return
            time.sleep(0.05)
        raise AssertionError(said)

    def status(self, path: str, data: bytes) -> dict[str, Any]:
        self.files[path] = data
        url = f"http://source-controller.flux-system.svc.cluster.local.{path}"
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return {
            "artifact": {
                "url": url,
                "digest": digest,
                "revision": f"main@{digest[:12]}",
                "path": path,
                "lastUpdateTime": "2026-01-01T00:00:00Z",
            }
        }


@pytest.fixture
def inside(real_cluster: RealCluster, flux: Flux) -> Iterator[InCluster]:
    made = InCluster(real_cluster)
    real_cluster.load([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apps"}}])
    yield made
    made.stop()


@pytest.mark.real
def test_what_source_controller_has(flux: Flux, tree: Tree, real_cluster: RealCluster, inside: InCluster) -> None:
    """The artifact of an ExternalArtifact, and of a repository that only the cluster reaches, by the API server's proxy."""
    real_cluster.load([_crd("ExternalArtifact", "externalartifacts"), _crd("GitRepository", "gitrepositories")])
    chart, files = archive({f"web/{name}": text.encode() for name, text in CHART.items()}), archive(FILES)
    external = inside.status("/externalartifact/apps/src/1.tar.gz", chart)
    hidden = inside.status("/gitrepository/apps/src/2.tar.gz", files)
    head = {"apiVersion": "source.toolkit.fluxcd.io/v1", "metadata": {"name": "src", "namespace": "apps"}}
    spec = {"url": "http://127.0.0.1:9/fleet.git", "ref": {"branch": "main"}}
    sources = [
        head | {"kind": "ExternalArtifact", "spec": {}, "status": external},
        head | {"kind": "GitRepository", "spec": spec, "status": hidden},
    ]
    real_cluster.load(sources)
    line = f"build hr web -n apps --helmrelease-file hr.yaml --kubeconfig {real_cluster.kubeconfig}"
    tree({"hr.yaml": release("      chartRef: {kind: ExternalArtifact, name: src}\n")})
    rendered(flux(line))
    tree({"hr.yaml": release(INLINE % ("./charts/web", "GitRepository"))})
    answer = flux(line)
    assert answer.code == 0
    assert config_map() in answer.out
    assert answer.err.startswith("GitRepository/apps/src cannot be fetched from here (")
    assert answer.err.endswith(f": its artifact in the cluster is used, {hidden['artifact']['revision']}\n")

    inside.files["/externalartifact/apps/src/1.tar.gz"] = files
    tree({"hr.yaml": release("      chartRef: {kind: ExternalArtifact, name: src}\n")})
    changed = flux(line)
    assert (changed.code, changed.out) == (1, "")
    assert changed.err.startswith("✗ the artifact of ExternalArtifact/apps/src is not what its digest says: sha256:")
    inside.files.clear()
    assert flux(line).err.startswith("✗ the artifact of ExternalArtifact/apps/src cannot be read through the API server: ")
    viewer = flux(f"{line} --context viewer")
    assert viewer.code == 1
    assert "is forbidden" in viewer.err.splitlines()[0]


@pytest.mark.real
def test_a_chart_repository_within_the_cluster(flux: Flux, tree: Tree, real_cluster: RealCluster, inside: InCluster) -> None:
    """The package that the release was installed from stands in, as long as it is the one that is wanted."""
    real_cluster.load([_crd("HelmRepository", "helmrepositories"), _crd("HelmChart", "helmcharts"), CRDS[1]])
    package = inside.status("/helmchart/apps/apps-web/web-1.2.0.tgz", packed())
    head = {"apiVersion": "source.toolkit.fluxcd.io/v1"}
    chart = {"chart": "web", "version": "1.x", "sourceRef": {"kind": "HelmRepository", "name": "src"}}
    meta = {"name": "web", "namespace": "apps"}
    real_cluster.load(
        [
            head | {"kind": "HelmRepository", "metadata": meta | {"name": "src"}, "spec": {"url": "http://127.0.0.1:9"}},
            head | {"kind": "HelmChart", "metadata": meta | {"name": "apps-web"}, "spec": chart, "status": package},
            {
                "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": meta,
                "spec": {"chart": {"spec": chart}, "values": {"replicas": 2}}, "status": {"helmChart": "apps/apps-web"},
            },
        ]
    )  # fmt: skip
    tree({})
    answer = flux(f"build hr web -n apps --kubeconfig {real_cluster.kubeconfig}")
    assert answer.code == 0
    assert config_map() in answer.out
    assert answer.err.endswith(f": its artifact in the cluster is used, {package['artifact']['revision']}\n")
    changed = {"spec": {"chart": {"spec": {"version": "2.x"}}}}
    path = "/apis/helm.toolkit.fluxcd.io/v2/namespaces/apps/helmreleases/web"
    assert real_cluster.call("PATCH", path, changed, "application/merge-patch+json")[0] == 200
    other = flux(f"build hr web -n apps --kubeconfig {real_cluster.kubeconfig}")
    assert (other.code, other.out) == (1, "")
    assert other.err == (
        '✗ helm repo update failed: Get "http://127.0.0.1:9/index.yaml": dial tcp 127.0.0.1:9: connect: connection refused\n'
        "Is http://127.0.0.1:9 reachable from here?\n"
        "Or say where the chart is on this machine: --local-sources HelmRepository/apps/src=./folder\n"
    )


def _crd(kind: str, plural: str) -> dict[str, Any]:
    return crd("source.toolkit.fluxcd.io", "v1", kind, plural)


def test_an_artifact_that_is_not_there_or_not_ours(flux: Flux, tree: Tree) -> None:
    text = release("      chartRef: {kind: ExternalArtifact, name: src}\n")
    lines = {
        "ExternalArtifact/apps/src has no artifact": {},
        "the artifact of ExternalArtifact/apps/src is not served by a service of the cluster: example.com": {
            "artifact": {"url": "https://example.com/x.tgz", "digest": "sha256:0"}
        },
    }
    for said, status in lines.items():
        tree({"live/all.yaml": text + source("ExternalArtifact", {}, **status)})
        answer = flux(BUILD)
        assert (answer.code, answer.err.splitlines()[0]) == (1, f"✗ {said}")
        local = "--local-sources ExternalArtifact/apps/src=./folder"
        assert local in answer.err
