"""``flux __complete``: whole answers, for a cluster that is read from a file."""

import pathlib
import socket
import time

import pytest
from front_door import Flux

from flux_cli.main import connect

OBJECTS = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: api, namespace: team}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: site, namespace: flux-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: flux-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: v1
kind: Secret
metadata: {name: deploy-key, namespace: flux-system}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: team}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}
"""
CONTEXTS = """
apiVersion: v1
kind: Config
contexts:
- {name: staging, context: {cluster: one, user: me, namespace: team}}
- {name: prod, context: {cluster: two, user: you}}
clusters:
- {name: one, cluster: {server: "http://127.0.0.1:1"}}
- {name: two, cluster: {server: "http://127.0.0.1:1"}}
users:
- {name: me}
- {name: you}
"""
CASES = {
    "tree ks ''": "apps\n:4\n",
    "tree kustomization x ''": "apps\n:4\n",
    "tree ks z": ":4\n",
    "tree ks -n team ''": "api\n:4\n",
    "-n team tree ks a": "api\n:4\n",
    "tree ks -n ''": "flux-system\nteam\n:4\n",
    "tree ks --namespace=te": "team\n:4\n",
    "tree ks -n=te": "team\n:4\n",
    "tree ks -o ''": "json\nyaml\n:4\n",
    "tree ks --output=y": "yaml\n:4\n",
    "tree ks --compact ''": "apps\n:4\n",
    "tree ks --compact=": "true\nfalse\n:4\n",
    "tree ks --kubeconfig ''": ":0\n",
    "tree ks --nope ''": ":0\n",
    "tree ks --timeout x ''": ":0\n",
    "tree ks --help ''": ":4\n",
    "tree ks -- -": ":4\n",
    "tree ks --comp": "--compact\tFlux objects only\n:4\n",
    "tree ks --compact --comp": ":4\n",
    "tree ks -o": "-o\tFormat: json or yaml; without it branches\n:4\n",
    "tree nope ''": ":4\n",
    "tree k": "kustomization\tShow what a Kustomization applied, as a tree\n:4\n",
    "nope ''": ":0\n",
    "--ver": "--verbose\tPrint the objects that are made\n--version\tversion of flux\n:4\n",
    "help exi": "exit-codes\tWhat the exit code says\n:4\n",
    "help tree a": "artifact\tShow what was made out of an artifact object\n:4\n",
    "trace deploy -n team ''": "web\n:4\n",
    "trace -n team deploy/": "deploy/web\n:4\n",
    "trace nope/": ":4\n",
    "create kustomization x --source G": "GitRepository/\n:6\n",
    "create kustomization x --source GitRepository/": "GitRepository/site\n:4\n",
    "create kustomization x --depends-on ''": "apps\nteam/api\n:4\n",
    "create kustomization x -n team --depends-on ''": "flux-system/apps\napi\n:4\n",
    "create kustomization x --depends-on team/": "team/api\n:4\n",
    "create kustomization x --depends-on apps,": "apps,team/api\n:4\n",
    "build kustomization x --local-sources Git": "GitRepository/\n:6\n",
    "build kustomization x --local-sources GitRepository/": "GitRepository/flux-system/site=\n:6\n",
    "build kustomization x --local-sources GitRepository/flux-system/site=": ":0\n",
    "get images policy --sort-by ''": "namespace\nname\nimage\ntag\nready\nmessage\nchanged\nage\n:4\n",
    "get all --sort-by ''": "namespace\nname\nready\nmessage\nchanged\nage\n:4\n",
    "events --types Normal,": "Normal,Warning\n:4\n",
    "create source git x --provider ''": "generic\ngithub\naws\nazure\n:4\n",
    "create source git x --secret-ref d": "deploy-key\n:4\n",
    "--context ''": "prod\nstaging\n:4\n",
    "--cluster o": "one\n:4\n",
    "--user y": "you\n:4\n",
    "logs --level ''": "debug\ninfo\nerror\n:4\n",
    "logs --kind Kust": "Kustomization\n:4\n",
    "get ks --status-selector ready=": "ready=true\nready=false\nready=unknown\n:4\n",
    "get ks -A ''": "apps\tflux-system\napi\tteam\n:4\n",
    "install --components-extra source-watcher,image-r": "source-watcher,image-reflector-controller\n:4\n",
}


@pytest.mark.parametrize("line", CASES)
def test_answers(tmp_path: pathlib.Path, line: str) -> None:
    (tmp_path / "objects.yaml").write_text(OBJECTS)
    (tmp_path / "config").write_text(CONTEXTS)
    cluster = lambda settings, environ: connect(settings._replace(from_path=f"{tmp_path}/objects.yaml"), environ)  # noqa: E731
    answer = Flux(str(tmp_path), cluster)(f"__complete {line}", KUBECONFIG=str(tmp_path / "config"))
    assert answer == (0, CASES[line], "")


def test_without_descriptions(flux: Flux) -> None:
    assert flux("__completeNoDesc --ver") == (0, "--verbose\n--version\n:4\n", "")


def test_no_word_at_all(flux: Flux) -> None:
    assert flux("__complete") == (1, "", "✗ requires at least 1 arg(s), only received 0\n")


def test_a_cluster_that_refuses_is_no_message(flux: Flux, tmp_path: pathlib.Path) -> None:
    (tmp_path / "config").write_text(CONTEXTS)
    assert flux("__complete tree ks --context prod ''", KUBECONFIG=str(tmp_path / "config")) == (0, ":1\n", "")


def test_a_cluster_that_never_answers_costs_two_seconds_at_most(flux: Flux) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        started = time.monotonic()
        answer = flux(f"__complete tree ks --server http://127.0.0.1:{server.getsockname()[1]} ''")
        assert answer == (0, ":1\n", "")
        assert time.monotonic() - started < 10  # the deadline is 1.8 s; the rest is for a busy machine


def test_names_from_a_cluster_cannot_steer_the_terminal(flux: Flux, tmp_path: pathlib.Path) -> None:
    (tmp_path / "config").write_text('contexts: [{name: "a\\e[31mb\\tc", context: {}}]\n')
    assert flux("__complete --context ''", KUBECONFIG=str(tmp_path / "config")).out == "a[31mb c\n:4\n"


def test_many_names_are_cut_after_they_were_filtered(tmp_path: pathlib.Path) -> None:
    one = "apiVersion: v1\nkind: Namespace\nmetadata: {{name: n{:04}}}\n---\n"
    (tmp_path / "many.yaml").write_text("".join(map(one.format, range(700))))
    flux = Flux(str(tmp_path), lambda settings, environ: connect(settings._replace(from_path=f"{tmp_path}/many.yaml"), environ))
    assert len(flux("__complete tree ks -n ''").out.splitlines()) == 501
    assert flux("__complete tree ks -n n069").out == "".join(f"n{i:04}\n" for i in range(690, 700)) + ":4\n"
