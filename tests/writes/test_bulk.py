"""Changes of many objects: order, failures, the count on a terminal; a look before the change, and the way back after it."""

import pathlib
import re
import threading
from typing import Any

import pytest
from front_door import Flux

from flux_cli.core.api import Request, Response
from flux_cli.core.objects import dig, name_of
from flux_cli.kinds import named
from flux_cli.sandbox.faults import Fault
from tests.writes.conftest import Cluster
from tests.writes.test_delete import kustomization

KS = named("Kustomization").resource
PATH = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/live/kustomizations"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def fill(cluster: Cluster, *objects: dict[str, Any]) -> None:
    for obj in objects:
        cluster.kube.create(KS, "live", obj)
    cluster.wire.writes.clear()


@pytest.fixture
def chain(bare: Cluster) -> Cluster:
    """``apps`` needs ``infra``, which needs ``crds``; ``other`` stands alone."""
    fill(bare, kustomization("apps", "infra", team="a"), kustomization("crds"), kustomization("infra", "crds"),
         kustomization("other", team="a"))  # fmt: skip
    return bare


def written(cluster: Cluster) -> list[str]:
    return [write.path.rpartition("/")[2].partition("?")[0] for write in cluster.wire.writes]


def lines(text: str) -> list[str]:
    """What a terminal shows in the end, with what was wiped out in between."""
    return [line.strip() for line in ESCAPE.sub("\n", text).split("\n") if line.strip()]


def test_what_others_depend_on_is_suspended_last_and_resumed_first(chain: Cluster) -> None:
    said = "► suspending kustomization {} in live namespace\n✔ kustomization suspended\n"
    assert chain.flux("suspend ks --all -n live") == (0, "", "".join(map(said.format, ("apps", "other", "infra", "crds"))))
    assert written(chain) == ["apps", "other", "infra", "crds"]
    chain.wire.writes.clear()
    assert chain.flux("resume ks --all -n live").code == 0
    assert written(chain) == ["crds", "other", "infra", "apps"]


def test_by_label(chain: Cluster) -> None:
    assert chain.flux("suspend ks -l team=a -n live").code == 0
    assert written(chain) == ["apps", "other"]
    assert chain.flux("suspend ks -l team=nobody -n live").err == "✗ no objects found\n"
    assert chain.flux("resume ks -l team=a -n live").err.count("✔ kustomization resumed") == 2
    assert chain.flux("resume ks -l team=nobody -n live") == (0, "", "✗ no Kustomization objects found in live namespace\n")


def refuse(cluster: Cluster, name: str) -> None:
    cluster.wire.inner.sandbox.faults.add(Fault(method="PATCH", path=f"{PATH}/{name}", status=403))


def test_one_failure_does_not_stop_the_rest(chain: Cluster) -> None:
    refuse(chain, "other")
    answer = chain.flux("suspend ks --all -n live")
    assert answer.code == 1
    assert written(chain) == ["apps", "other", "infra", "crds"]
    assert "✗ failed suspending Kustomization other in live namespace: " in answer.err
    refuse(chain, "crds")
    answer = chain.flux("resume ks --all -n live")
    assert answer.code == 1
    assert "✗ failed resuming Kustomization crds in live namespace: " in answer.err
    assert answer.err.splitlines()[-1].startswith("✗ failed patching objects: ")
    assert [name_of(obj) for obj in chain.kube.list(KS, "live").items if dig(obj, "spec.suspend")] == ["crds"]


@pytest.mark.parametrize("verb", ["suspend", "resume"])
def test_a_single_one_is_refused_in_the_servers_words(bare: Cluster, verb: str) -> None:
    fill(bare, kustomization("apps"))
    refuse(bare, "apps")
    head = f"► {verb[:-1] if verb == 'resume' else verb}ing kustomization apps in live namespace\n✗ "
    answer = bare.flux(f"{verb} ks --all -n live")
    assert answer.code == 1
    assert answer.err.startswith(head + ("failed patching objects: " if verb == "resume" else ""))
    assert "failed suspending" not in answer.err
    refuse(bare, "apps")
    answer = bare.flux(f"{verb} ks apps -n live")
    assert answer.code == (1 if verb == "resume" else 0)  # as in the Go CLI
    assert ("failed suspending Kustomization apps in live namespace: " in answer.err) == (verb == "suspend")


def test_what_is_wrong_with_the_way_to_the_cluster_is_told_below(flux: Flux, tmp_path: pathlib.Path) -> None:
    answer = flux("suspend ks apps --server http://127.0.0.1:1", KUBECONFIG=str(tmp_path / "none"))
    assert answer.code == 0  # as in the Go CLI
    first, second = answer.err.splitlines()
    assert first.startswith("✗ failed suspending Kustomization apps in flux-system namespace: Get ")
    assert second.startswith("There is no kubeconfig")


def test_no_more_than_eight_at_once(bare: Cluster) -> None:
    fill(bare, *(kustomization(f"k{number:02}") for number in range(30)))
    now, most, lock = [0], [0], threading.Lock()
    send = bare.wire.inner.send

    def count(request: Request, *, timeout: float | None = None, stream: bool = False) -> Response:
        with lock:
            now[0] += request.method == "PATCH"
            most[0] = max(most[0], now[0])
        try:
            return send(request, timeout=timeout, stream=stream)
        finally:
            with lock:
                now[0] -= request.method == "PATCH"

    bare.wire.inner.send = count  # type: ignore[method-assign]
    answer = bare.flux("suspend ks --all -n live")
    assert answer.code == 0
    assert 1 <= most[0] <= 8
    names = re.findall(r"suspending kustomization (\w+)", answer.err)
    assert names == [f"k{number:02}" for number in range(30)]
    assert answer.err.count("✔ kustomization suspended\n") == 30


def test_the_count_is_for_a_terminal(chain: Cluster) -> None:
    shown = chain.flux("suspend ks --all -n live", tty=True, NO_COLOR="1").err
    for number in range(5):
        assert f"{number}/4" in shown
    kept = lines(shown)
    assert [line for line in kept if line.startswith(("►", "✔"))] == lines(chain.flux("suspend ks --all -n live").err)
    assert "/4" not in chain.flux("resume ks --all -n live").err
    assert "/1" not in chain.flux("suspend ks apps -n live", tty=True).err


def test_the_way_back(chain: Cluster) -> None:
    chain.flux("suspend ks crds -n live")
    note = lines(chain.flux("suspend ks --all -n live", tty=True).err)[-1]
    assert note == "undo with: flux resume kustomization apps other infra -n live"  # crds was suspended before
    assert "undo" not in chain.flux("suspend ks --all -n live", tty=True).err
    chain.wire.writes.clear()
    assert chain.flux(note.removeprefix("undo with: flux ")).code == 0
    assert written(chain) == ["apps", "other", "infra"]
    assert lines(chain.flux("resume ks --all -n live", tty=True).err)[-1] == "undo with: flux suspend kustomization crds -n live"
    assert "undo" not in chain.flux("suspend ks --all -n live").err


def test_the_way_back_from_a_deletion(bare: Cluster) -> None:
    mine = {"kustomize.toolkit.fluxcd.io/name": "flux-system", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
    fill(bare, kustomization("alone"), kustomization("applied", **mine), kustomization("too", **mine))
    answer = bare.flux("delete ks applied too -n live -s", tty=True)
    assert answer.err.splitlines()[-1].endswith("  undo with: flux reconcile kustomization flux-system -n flux-system")
    answer = bare.flux("delete ks alone -n live -s", tty=True)
    assert answer.err == (
        "► deleting kustomization alone in live namespace\n✔ kustomization deleted\n"
        "  undo with: kubectl apply -f - <<'EOF'\n---\n"
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: alone\n  namespace: live\n"
        "spec:\n  interval: 1m0s\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: x\nEOF\n"
    )
    hostile = kustomization("odd")
    hostile["metadata"]["annotations"] = {"note": "a\nEOF\nb"}
    fill(bare, hostile, *(kustomization(f"k{number:02}") for number in range(12)))
    assert "<<'EOF'" in bare.flux("delete ks odd -n live -s", tty=True).err  # an indented EOF ends nothing
    answer = bare.flux("delete ks --all -n live -s", tty=True)
    assert "undo by applying the 12 manifests again; flux export prints them before a deletion" in answer.err


DIFF = "--- Kustomization/other (cluster)\n+++ Kustomization/other (new)\n"


def test_a_look_before(chain: Cluster) -> None:
    answer = chain.flux("suspend ks other -n live --diff")
    assert answer.out.startswith(DIFF)
    assert answer.out.endswith("+  suspend: true\n")
    assert answer.err == "► suspending kustomization other in live namespace\n✔ kustomization suspended (server dry run)\n"
    assert chain.flux("suspend ks other -n live --dry-run=server").out == ""
    assert chain.flux("resume ks other -n live --diff") == (
        0, "", "► resuming kustomization other in live namespace\n✔ kustomization resumed (server dry run)\n",
    )  # fmt: skip
    answer = chain.flux("reconcile ks other -n live --diff")
    assert answer.out.startswith(DIFF)
    assert "+    reconcile.fluxcd.io/requestedAt: " in answer.out
    assert answer.err == "► annotating Kustomization other in live namespace\n✔ Kustomization annotated (server dry run)\n"
    answer = chain.flux("reconcile ks --all -n live --dry-run=server")
    assert (answer.code, answer.out) == (0, "")
    assert written(chain)[-4:] == ["crds", "other", "infra", "apps"]
    answer = chain.flux("delete ks other -n live --diff")
    assert "-  name: other\n" in answer.out
    assert "\n+" not in answer.out.removeprefix(DIFF)
    assert [write for write in chain.wire.writes if "dryRun" not in f"{write.path} {write.body}"] == []
    assert len(chain.kube.list(KS, "live").items) == 4
    for line in ("suspend ks other", "resume ks other", "reconcile ks other", "delete ks other"):
        assert chain.flux(f"{line} -n live --dry-run=client") == (1, "", "✗ --dry-run must be server or none, not client\n")


def test_a_look_at_secrets_shows_no_values(bare: Cluster) -> None:
    line = "create secret git auth -n live --url https://example.com --username u --password {}"
    answer = bare.flux(line.format("one") + " --diff")
    assert answer.err == "✔ Secret/live/auth would be created (server dry run)\n"
    assert "+  password: '***'\n" in answer.out
    bare.flux(line.format("one"))
    answer = bare.flux(line.format("two") + " --diff")
    assert answer.err == "✔ Secret/live/auth would be updated (server dry run)\n"
    assert "-  password: '*** (before)'\n+  password: '*** (after)'\n" in answer.out
    assert "username: '***'" in answer.out
    assert bare.flux(line.format("one") + " --diff") == (0, "", "✔ Secret/live/auth would not change\n")
    answer = bare.flux(
        "create source bucket b1 -n live --bucket-name b --endpoint e --access-key s3cret --secret-key s3cret --diff"
    )
    assert "✔ Secret/live/bucket-b1 would be created (server dry run)\n" in answer.err
    assert "s3cret" not in answer.out + answer.err


def test_the_way_back_from_what_was_created(bare: Cluster) -> None:
    def last(line: str) -> str:
        return bare.flux(line, tty=True).err.splitlines()[-1]

    secret = "create secret proxy px -n live --address http://p:1"
    assert last(secret) == "  undo with: kubectl delete secret px -n live"
    assert last(secret) == "  no undo: the Secret's former values were replaced and are not kept"
    provider = "create alert-provider slack -n live --type slack --timeout 5s"
    assert last(provider) == "  undo with: flux delete alert-provider slack -n live"
    assert last(f"{provider} --channel c --label a=b") == (
        "  undo with: kubectl patch providers.notification.toolkit.fluxcd.io slack -n live --type=merge"
        """ -p '{"metadata":{"labels":{"a":null}},"spec":{"channel":null}}'"""
    )
    assert last("create tenant team --with-namespace live,other").endswith(
        "undo with: kubectl delete namespace other && kubectl delete serviceaccount team -n live"
        " && kubectl delete rolebinding team-reconciler -n live"
    )
    failed = bare.flux(
        "create source bucket b1 -n live --bucket-name b --endpoint e --access-key a --secret-key b --timeout 1s", tty=True
    )
    assert "  undo with: flux delete source bucket b1 -n live && kubectl delete secret bucket-b1 -n live\n" in failed.err


def test_a_tenant_in_a_namespace_that_is_not_there_yet(bare: Cluster) -> None:
    answer = bare.flux("create tenant team --with-namespace new --diff")
    assert answer.code == 0, answer.err
    assert answer.err == (
        "✔ Namespace/new would be created (server dry run)\n"
        "✔ ServiceAccount/new/team would be created (its namespace is new)\n"
        "✔ RoleBinding/new/team-reconciler would be created (its namespace is new)\n"
    )
    assert "+  name: team-reconciler\n" in answer.out
