"""``build helmrelease``: chart, values, post-renderers and labels, through the real ``helm``, from every kind of source."""

import base64
import functools
import http.server
import io
import pathlib
import shutil
import subprocess
import tarfile
import textwrap
import threading
from collections.abc import Iterator

import pytest
import yaml
from artifacts.registry import BINARY, Registry
from bootstrap.git_servers import Bare, HttpServer
from building.conftest import Tree
from front_door import Flux

needs_helm = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.0\n",
    "values.yaml": "replicas: 1\nimage: registry.local/web:1.0\npassword: ''\n",
    "values-prod.yaml": "replicas: 3\nimage: registry.local/web:prod\npassword: ''\n",
    "crds/thing.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n",
    "templates/all.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  namespace: {{ .Release.Namespace }}
  replicas: {{ .Values.replicas | quote }}
  image: {{ .Values.image }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
stringData:
  password: {{ .Values.password | quote }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations: {helm.sh/hook: pre-install}
""",
}
RELEASE = """
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: web, namespace: apps}
    spec:
      interval: 5m
      values: {replicas: 2}
"""
INLINE = '      chart: {spec: {chart: %s, version: "1.x", sourceRef: {kind: %s, name: src}}}\n'


def release(*more: str) -> str:
    return textwrap.dedent(RELEASE + "".join(more)).lstrip("\n")


def packed() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, text in CHART.items():
            info = tarfile.TarInfo(f"web/{name}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


def config_map(replicas: str = "2", image: str = "registry.local/web:1.0", name: str = "web", namespace: str = "apps") -> str:
    return textwrap.dedent(f"""
        apiVersion: v1
        data:
          image: {image}
          namespace: {namespace}
          replicas: "{replicas}"
        kind: ConfigMap
        metadata:
          labels:
            helm.toolkit.fluxcd.io/name: web
            helm.toolkit.fluxcd.io/namespace: apps
          name: {name}
        ---
    """).lstrip("\n")


def chart(tree: Tree, **files: str) -> pathlib.Path:
    return tree({**{f"charts/web/{name}": text for name, text in CHART.items()}, **files})


@needs_helm
def test_a_chart_on_this_machine(flux: Flux, tree: Tree) -> None:
    chart(tree, **{"hr.yaml": release()})
    line = "build hr web -n apps --helmrelease-file hr.yaml --path ./charts/web"
    answer = flux(line)
    kinds = [doc["kind"] for doc in yaml.safe_load_all(answer.out) if doc]
    assert (answer.code, answer.err) == (0, "")
    assert kinds == ["CustomResourceDefinition", "Secret", "ConfigMap", "Job"]
    assert config_map() in answer.out
    assert flux(f"{line} --no-hooks").out == answer.out.partition("apiVersion: batch/v1")[0]


@needs_helm
def test_values_of_secrets_are_masked(flux: Flux, tree: Tree) -> None:
    values = base64.b64encode(b"password: open-sesame").decode()
    secret = f"---\napiVersion: v1\nkind: Secret\nmetadata: {{name: vals, namespace: apps}}\ndata: {{values.yaml: {values}}}\n"
    numbers = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: nums, namespace: apps}\ndata: {n: "7"}\n'
    refs = "      valuesFrom:\n      - {kind: Secret, name: vals}\n      - {kind: ConfigMap, name: nums, valuesKey: n, targetPath: extra}\n"
    chart(tree, **{"live/all.yaml": release(refs) + secret + numbers})
    answer = flux("build helmrelease web -n apps --from ./live --path ./charts/web")
    assert (answer.code, answer.err) == (0, "")
    assert "stringData:\n  password: '***'\n" in answer.out
    assert "open-sesame" not in answer.out


@needs_helm
def test_a_secret_is_hidden_wherever_the_chart_puts_it(flux: Flux, tree: Tree) -> None:
    """In other kinds, within longer texts, in base64, and in what helm complains about; names stay."""
    values = base64.b64encode(b"password: open-sesame\nuser: web\n").decode()
    secret = f"---\napiVersion: v1\nkind: Secret\nmetadata: {{name: vals, namespace: apps}}\ndata: {{values.yaml: {values}}}\n"
    template = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web, annotations: {user: "{{ .Values.user }}", about: the web}}
        data:
          plain: "{{ .Values.password }}"
          url: "https://me:{{ .Values.password }}@host"
          packed: "{{ .Values.password | b64enc }}"
    """
    live = release("      valuesFrom:\n      - {kind: Secret, name: vals}\n") + secret
    chart(tree, **{"live/all.yaml": live, "charts/web/templates/all.yaml": textwrap.dedent(template)})
    answer = flux("build helmrelease web -n apps --from ./live --path ./charts/web")
    assert (answer.code, answer.err) == (0, "")
    made = next(doc for doc in yaml.safe_load_all(answer.out) if doc and doc["kind"] == "ConfigMap")
    assert made["data"] == {"plain": "***", "url": "https://me:***@host", "packed": "***"}
    assert (made["metadata"]["name"], made["metadata"]["annotations"]) == ("web", {"user": "***", "about": "the web"})
    chart(tree, **{"live/all.yaml": live, "charts/web/templates/all.yaml": '{{ fail (printf "not %s" .Values.password) }}'})
    lost = flux("build helmrelease web -n apps --from ./live --path ./charts/web")
    assert lost.code == 1
    assert "not ***" in lost.err
    assert "sesame" not in lost.err


@needs_helm
def test_what_the_spec_adds(flux: Flux, tree: Tree) -> None:
    more = """
      targetNamespace: prod
      releaseName: shop
      install: {crds: Skip, disableHooks: true}
      commonMetadata: {labels: {team: a}}
      postRenderers:
      - kustomize:
          patches:
          - target: {kind: ConfigMap}
            patch: "- {op: add, path: /data/patched, value: 'yes'}"
      - kustomize: {images: [{name: registry.local/web, newTag: "9"}]}
      chart: {spec: {chart: ./charts/web, valuesFiles: [values-prod.yaml], sourceRef: {kind: GitRepository, name: src}}}
"""
    chart(tree, **{"hr.yaml": release(more)})
    answer = flux("build hr web -n apps --helmrelease-file hr.yaml --local-sources GitRepository/apps/src=./ --from .")
    assert (answer.code, answer.err) == (0, "")
    docs = [doc for doc in yaml.safe_load_all(answer.out) if doc]
    assert [doc["kind"] for doc in docs] == ["Secret", "ConfigMap"]
    assert docs[1]["data"] == {"image": "registry.local/web:prod", "namespace": "prod", "patched": "yes", "replicas": "2"}
    assert docs[1]["metadata"] == {
        "name": "shop",
        "labels": {"team": "a", "helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "apps"},
    }


@needs_helm
def test_subcharts_are_built_in_a_copy(flux: Flux, tree: Tree) -> None:
    part = "dependencies: [{name: part, version: 0.1.0, repository: 'file://../part'}]\n"
    chart(
        tree,
        **{
            "hr.yaml": release(), "charts/web/Chart.yaml": CHART["Chart.yaml"] + part,
            "charts/part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 0.1.0\n",
            "charts/part/templates/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: of-part}\n",
        },
    )  # fmt: skip
    answer = flux("build hr web -n apps --helmrelease-file hr.yaml --path ./charts/web")
    assert (answer.code, answer.err) == (0, "")
    assert "name: of-part" in answer.out


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> Iterator[str]:
    """The address of a chart repository that wants a login."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "web-1.2.0.tgz").write_bytes(packed())
    subprocess.run(["helm", "repo", "index", str(folder)], check=True, capture_output=True)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            wanted = "Basic " + base64.b64encode(b"me:sesame").decode()
            if self.headers.get("Authorization") == wanted:
                super().do_GET()
            else:
                self.send_error(401)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@needs_helm
def test_a_chart_repository(flux: Flux, tree: Tree, repository: str) -> None:
    source = f"""
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {{name: src, namespace: apps}}
        spec: {{url: {repository}, secretRef: {{name: login}}}}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {{name: login, namespace: apps}}
        stringData: {{username: me, password: sesame}}
        data: {{username: {base64.b64encode(b"me").decode()}, password: {base64.b64encode(b"sesame").decode()}}}
    """
    tree({"live/all.yaml": release(INLINE % ("web", "HelmRepository")) + textwrap.dedent(source)})
    answer = flux("build hr web -n apps --from ./live")
    assert (answer.code, answer.err) == (0, "")
    assert config_map() in answer.out
    tree({"live/all.yaml": release(INLINE % ("nope", "HelmRepository")) + textwrap.dedent(source)})
    lost = flux("build hr web -n apps --from ./live")
    said = f"✗ no 'nope' chart with version matching '1.x' found in {repository}\nIts charts: web\n"
    assert lost == (1, "", said)


@needs_helm
@pytest.mark.skipif(not BINARY, reason="docker-registry is not installed")
def test_registries(flux: Flux, tree: Tree, tmp_path: pathlib.Path) -> None:
    """The same chart by HelmRepository of type oci, by OCIRepository, and by a HelmChart that points at the first."""
    (tmp_path / "registry").mkdir()
    (tmp_path / "web-1.2.0.tgz").write_bytes(packed())
    registry = Registry(tmp_path / "registry")
    try:
        push = ["helm", "push", str(tmp_path / "web-1.2.0.tgz"), f"oci://{registry.address}/charts", "--plain-http"]
        subprocess.run(push, check=True, capture_output=True)
        sources = f"""
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata: {{name: src, namespace: apps}}
            spec: {{type: oci, insecure: true, url: "oci://{registry.address}/charts"}}
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: OCIRepository
            metadata: {{name: oci, namespace: apps}}
            spec: {{insecure: true, url: "oci://{registry.address}/charts/web", ref: {{semver: ">=1.0.0"}}}}
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmChart
            metadata: {{name: chart, namespace: apps}}
            spec: {{chart: web, version: 1.2.0, sourceRef: {{kind: HelmRepository, name: src}}}}
        """
        refs = (INLINE % ("web", "HelmRepository"), *(f"      chartRef: {{kind: {k}, name: {n}}}\n" for k, n in REFS))
        for ref in refs:
            tree({"live/all.yaml": release(ref) + textwrap.dedent(sources)})
            answer = flux("build hr web -n apps --from ./live")
            assert (answer.code, answer.err) == (0, ""), ref
            assert config_map() in answer.out
    finally:
        registry.stop()


REFS = (("OCIRepository", "oci"), ("HelmChart", "chart"))


@needs_helm
def test_a_source_that_cannot_be_fetched_from_here(flux: Flux, tree: Tree) -> None:
    bucket = "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {name: src, namespace: apps}\nspec: {}\n"
    chart(tree, **{"live/all.yaml": release(INLINE % ("./charts/web", "Bucket")) + bucket})
    lost = flux("build hr web -n apps --from ./live")
    assert lost.code == 1
    assert lost.err.splitlines()[0] == "✗ the bucket has no bucketName"
    answer = flux("build hr web -n apps --from ./live --local-sources Bucket/apps/src=./")
    assert (answer.code, answer.err) == (0, "")
    assert config_map() in answer.out


@needs_helm
def test_what_helm_refuses(flux: Flux, tree: Tree) -> None:
    chart(tree, **{"hr.yaml": release(), "charts/web/templates/bad.yaml": '{{ fail "no replicas" }}\n'})
    answer = flux("build hr web -n apps --helmrelease-file hr.yaml --path ./charts/web")
    assert answer.code == 1
    assert answer.err.startswith("✗ helm template failed: ")
    assert "no replicas" in answer.err


def test_without_helm(flux: Flux, tree: Tree) -> None:
    chart(tree, **{"hr.yaml": release()})
    answer = flux("build hr web -n apps --helmrelease-file hr.yaml --path ./charts/web", PATH="/nonexistent")
    said = "✗ helm is not installed\nInstall helm 3.14 or newer on the PATH: it renders the charts.\n"
    assert answer == (1, "", said)
    assert flux("build hr") == (1, "", "✗ helmrelease name is required\n")


@needs_helm
@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_git_repository(flux: Flux, tree: Tree, tmp_path: pathlib.Path) -> None:
    (tmp_path / "served").mkdir()
    Bare(tmp_path / "served").commit(tmp_path, {f"charts/web/{name}": text for name, text in CHART.items()})
    server = HttpServer(tmp_path / "served", user="me", password="sesame")
    login = {key: base64.b64encode(value.encode()).decode() for key, value in (("username", "me"), ("password", "sesame"))}
    source = f"""
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {{name: src, namespace: apps}}
        spec: {{url: {server.url}, ref: {{branch: main}}, secretRef: {{name: login}}}}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {{name: login, namespace: apps}}
        data: {{username: {login["username"]}, password: {login["password"]}}}
    """
    try:
        tree({"live/all.yaml": release(INLINE % ("./charts/web", "GitRepository")) + textwrap.dedent(source)})
        answer = flux("build hr web -n apps --from ./live")
        assert (answer.code, answer.err) == (0, "")
        assert config_map() in answer.out
    finally:
        server.stop()
