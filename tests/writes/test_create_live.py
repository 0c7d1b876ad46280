"""``create`` on a cluster with controllers: the lines that it prints and the requests that it makes."""

import pathlib

import pytest

from flux_cli.core.api import SECRET, Resource
from flux_cli.core.objects import dig, text
from flux_cli.kinds import named
from tests.writes.conftest import Cluster

ROLE_BINDING = Resource("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding")
GIT = "/apis/source.toolkit.fluxcd.io/v1/namespaces/live/gitrepositories"
SOURCE = "create source git demo -n live --url https://example.com/apps.git --branch main"


def test_a_source_is_made_and_waited_for(live: Cluster) -> None:
    answer = live.flux(f"{SOURCE} --interval 5m --timeout 20s")
    revision = text(live.kube.get(named("GitRepository").resource, "live", "demo"), "status.artifact.revision")
    assert answer == (0, "", (
        "✚ generating GitRepository source\n"
        "► applying GitRepository source\n"
        "✔ GitRepository source created\n"
        "◎ waiting for GitRepository source reconciliation\n"
        "✔ GitRepository source reconciliation completed\n"
        f"✔ fetched revision: {revision}\n"
    ))  # fmt: skip
    (write,) = live.wire.writes
    assert write == ("POST", GIT, "application/json", {
        "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": {"name": "demo", "namespace": "live"},
        "spec": {"url": "https://example.com/apps.git", "interval": "5m0s", "ref": {"branch": "main"}},
    })  # fmt: skip


def test_on_a_terminal_it_says_how_to_undo(live: Cluster) -> None:
    first, second = (live.flux(f"{SOURCE} --timeout 20s", tty=True) for _ in range(2))
    assert first.err.splitlines()[-1] == "  undo with: flux delete source git demo -n live"
    assert "undo" not in second.err
    assert live.flux("delete source git demo -n live -s").code == 0


def test_an_existing_one_gets_the_new_labels_and_spec_and_keeps_the_rest(live: Cluster) -> None:
    live.flux(f"{SOURCE} --label a=b --timeout 20s")
    resource = named("GitRepository").resource
    live.kube.patch(resource, "live", "demo", {"metadata": {"annotations": {"kept": "yes"}}})
    answer = live.flux(f"{SOURCE} --interval 7m --timeout 20s")
    assert "✔ GitRepository source updated\n" in answer.err
    write = live.wire.writes[-1]
    assert (write.method, write.path) == ("PUT", f"{GIT}/demo")
    now = live.kube.get(resource, "live", "demo")
    assert dig(now, "metadata.labels") is None
    assert (text(now, "metadata.annotations.kept"), text(now, "spec.interval")) == ("yes", "7m0s")


def test_credentials_go_into_a_secret_first(live: Cluster) -> None:
    answer = live.flux(
        "create source git pw -n live --url http://example.com/r --branch main -u git --password-stdin --timeout 20s",
        stdin="s3cret\n",
    )
    assert answer.err.splitlines()[:6] == [
        "✚ generating GitRepository source",
        "⚠️ insecure configuration: credentials configured for an HTTP URL",
        "► applying secret with repository credentials",
        "✔ authentication configured",
        "► applying GitRepository source",
        "✔ GitRepository source created",
    ]
    secret, source = live.wire.writes
    assert secret.body == {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pw", "namespace": "live"},
        "stringData": {"username": "git", "password": "s3cret"},
    }  # fmt: skip
    assert source.body["spec"]["secretRef"] == {"name": "pw"}
    assert "s3cret" not in answer.out + answer.err


def test_helm_and_bucket_credentials(live: Cluster, tmp_path: pathlib.Path) -> None:
    (tmp_path / "pw").write_text("p\n")
    live.flux(
        f"create source helm charts -n live --url https://e.example --username u --password-file {tmp_path}/pw --pass-credentials --timeout 20s"
    )
    live.flux(
        "create source bucket data -n live --bucket-name b --endpoint e.example --access-key a --secret-key b --label x=y --timeout 20s"
    )
    first, repository, second, bucket = live.wire.writes
    assert (first.body["metadata"]["name"], first.body["stringData"], first.body["type"]) == (
        "helm-charts", {"username": "u", "password": "p"}, "kubernetes.io/basic-auth",
    )  # fmt: skip
    assert repository.body["spec"]["passCredentials"] is True
    assert second.body["metadata"] == {"name": "bucket-data", "namespace": "live", "labels": {"x": "y"}}
    assert second.body["stringData"] == {"accesskey": "a", "secretkey": "b"}
    assert bucket.body["spec"]["secretRef"] == {"name": "bucket-data"}


def test_deployments_and_notifications(live: Cluster) -> None:
    live.flux(f"{SOURCE} --timeout 20s")
    revision = text(live.kube.get(named("GitRepository").resource, "live", "demo"), "status.artifact.revision")
    lines = {
        "kustomization web --source GitRepository/demo --path ./ok --prune": f"✔ Kustomization web is ready\n✔ applied revision {revision}\n",
        "source helm charts --url https://charts.example.com": None,
        "helmrelease web --source HelmRepository/charts --chart web --chart-version 1.0.0": "✔ HelmRelease web is ready\n✔ applied revision 1.0.0\n",
        "source helm oci --url oci://example.com/charts": "✔ HelmRepository source reconciliation completed\n",
        "alert-provider slack --type slack --address https://hooks.example.com": "✔ Provider slack is ready\n",
        "alert all --provider-ref slack --event-source Kustomization/*": "✔ Alert all is ready\n",
        "secret receiver hook --type generic --token abc --hostname flux.example.com": "► receiver secret 'hook' created in 'live' namespace\n",
        "receiver hook --type generic --secret-ref hook --resource GitRepository/demo": "✔ Receiver hook is ready\n✔ generated webhook URL /hook/",
        "image repository img --image example.com/app": "✔ ImageRepository reconciliation completed\n",
        "image update upd --git-repo-ref demo --checkout-branch main --author-name a --author-email a@e.x": "✔ ImageUpdateAutomation reconciliation completed\n",
    }
    for line, last in lines.items():
        answer = live.flux(f"create {line} -n live --timeout 20s")
        assert answer.code == 0, answer
        assert last is None or last in answer.err


def test_a_release_that_cannot_be_ready_ends_at_the_timeout_and_says_what_it_waited_for(bare: Cluster) -> None:
    answer = bare.flux("create hr web -n live --source HelmRepository/none --chart web --timeout 1s")
    assert answer.code == 1
    assert answer.err.splitlines()[3:] == [
        "◎ waiting for HelmRelease reconciliation",
        "✗ context deadline exceeded",
        "HelmRelease/live/web has no status yet: is its controller running?",
    ]


def test_a_stalled_object_ends_the_wait_with_the_controllers_words(live: Cluster) -> None:
    answer = live.flux(
        "create source git demo -n live --url https://example.com/apps.git --branch main --secret-ref nope --timeout 2s"
    )
    assert answer.code == 1
    assert "nope" in answer.err


def test_equal_image_objects_are_not_sent_again(live: Cluster) -> None:
    line = "create image update upd -n live --git-repo-ref demo --checkout-branch main --author-name a --author-email a@e.x --timeout 2s"
    live.flux(line)
    count = len(live.wire.writes)
    answer = live.flux(line)
    assert "updated" not in answer.err
    assert "created" not in answer.err
    assert len(live.wire.writes) == count


def test_a_tenant_is_set_up_once(bare: Cluster) -> None:
    first = bare.flux("create tenant team --with-namespace team-a --label a=b")
    assert first == (0, "", (
        "► applying namespace team-a\n► applying service account team\n► applying role binding team-reconciler\n✔ tenant setup completed\n"
    ))  # fmt: skip
    assert [write.path for write in bare.wire.writes] == [
        "/api/v1/namespaces",
        "/api/v1/namespaces/team-a/serviceaccounts",
        "/apis/rbac.authorization.k8s.io/v1/namespaces/team-a/rolebindings",
    ]
    bare.flux("create tenant team --with-namespace team-a --label a=b")
    assert len(bare.wire.writes) == 3
    bare.flux("create tenant team --with-namespace team-a --cluster-role edit")
    assert [write.method for write in bare.wire.writes[3:]] == ["DELETE", "POST"]
    assert text(bare.kube.get(ROLE_BINDING, "team-a", "team-reconciler"), "roleRef.name") == "edit"


def test_a_tenant_can_be_previewed(bare: Cluster) -> None:
    answer = bare.flux("create tenant team --with-namespace flux-system --diff")
    assert answer.code == 0, answer.err
    assert "+  name: team\n" in answer.out
    assert all("dryRun=All" in write.path for write in bare.wire.writes)


def test_a_role_binding_that_was_lost_is_told(bare: Cluster) -> None:
    bare.flux("create tenant team --with-namespace team-a")
    bare.wire.cut = len(bare.wire.writes) + 2
    answer = bare.flux("create tenant team --with-namespace team-a --cluster-role edit")
    assert answer.code == 1
    assert answer.err.splitlines()[-1].startswith("RoleBinding team-a/team-reconciler was deleted, and not made anew.")
    bare.wire.cut = 0
    assert bare.flux("create tenant team --with-namespace team-a --cluster-role edit").code == 0


@pytest.mark.real
def test_several_reasons_come_one_a_line(real_live: Cluster) -> None:
    answer = real_live.flux("create hr web -n live --source HelmRepository/x --chart web --interval -5s --chart-interval -5s")
    assert answer.code == 1
    assert '✗ HelmRelease.helm.toolkit.fluxcd.io "web" is invalid: [' in answer.err
    fields = [line.strip().partition(":")[0] for line in answer.err.splitlines()[-2:]]
    assert sorted(fields) == ["spec.chart.spec.interval", "spec.interval"]


def test_a_secret_is_merged_into_an_existing_one(bare: Cluster) -> None:
    for password, label in (("one", "a=b"), ("two", "c=d")):
        line = f"create secret git auth -n live --url https://example.com --username u --password {password} --label {label}"
        assert bare.flux(line) == (0, "", "► git secret 'auth' created in 'live' namespace\n")
    secret = bare.kube.get(SECRET, "live", "auth")
    assert dig(secret, "metadata.labels") == {"a": "b", "c": "d"}
    assert secret["data"]["password"] == "dHdv"
    assert [write.method for write in bare.wire.writes] == ["POST", "PUT"]


def test_a_preview_writes_nothing(bare: Cluster) -> None:
    answer = bare.flux(f"{SOURCE} --diff -u git -p s3cret")
    assert answer.code == 0
    assert "+  url: https://example.com/apps.git\n" in answer.out
    assert "s3cret" not in answer.out + answer.err
    assert answer.err.endswith("✔ GitRepository/live/demo would be created (server dry run)\n")
    assert bare.kube.list(named("GitRepository").resource).items == []
    assert all("dryRun=All" in write.path for write in bare.wire.writes)
    assert bare.flux(f"{SOURCE} --dry-run client").err == "✗ --dry-run must be server or none, not client\n"


def test_the_servers_refusal_is_the_message(bare: Cluster) -> None:
    answer = bare.flux("create source git demo -n absent --url https://example.com/r --branch main")
    assert answer.code == 1
    assert answer.err.endswith('✗ namespaces "absent" not found\n')


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("dead", [False, True])
def test_a_cut_connection_leaves_the_old_or_the_new_state_and_says_which(bare: Cluster, arrives: bool, dead: bool) -> None:
    """Cut at the write of the object itself; asked afterwards, the cluster answers or stays silent."""
    line = "create alert-provider slack -n live --type slack --address https://hooks.example.com"
    bare.wire.cut, bare.wire.arrives, bare.wire.dead = 1, arrives, dead
    answer = bare.flux(line)
    assert answer.code == 1
    hint = answer.err.splitlines()[-1]
    kept = bare.kube.list(named("Provider").resource).items
    assert len(kept) == int(arrives)
    if dead:
        assert hint.startswith("Whether Provider live/slack was written is not known")
    elif arrives:
        assert hint.startswith("Provider live/slack was created, although its answer got lost.")
    else:
        assert hint.startswith("Provider live/slack was not created.")
    bare.wire.cut = 0
    assert bare.flux(f"{line} --channel c --timeout 5s").code == 0
    assert text(bare.kube.get(named("Provider").resource, "live", "slack"), "spec.channel") == "c"


@pytest.mark.parametrize("at", [1, 2])
def test_cut_at_any_write_a_source_with_credentials_can_be_made_again(live: Cluster, at: int) -> None:
    line = "create source git pw -n live --url https://example.com/r --branch main -u git -p secret --timeout 20s"
    live.wire.cut = at
    answer = live.flux(line)
    assert answer.code == 1
    subject = ("Secret live/pw", "GitRepository live/pw")[at - 1]
    assert answer.err.splitlines()[-1] == f"{subject} was not created. Run the command again to bring it to the wanted state."
    live.wire.cut = 0
    assert live.flux(line).code == 0


def test_a_conflict_is_explained(bare: Cluster) -> None:
    from flux_cli.sandbox.faults import Fault

    bare.flux("create alert-provider slack -n live --type slack --timeout 5s")
    bare.wire.inner.sandbox.faults.add(Fault(method="PUT", status=409))
    answer = bare.flux("create alert-provider slack -n live --type slack --channel c")
    assert answer.code == 1
    assert answer.err.splitlines()[-1] == (
        "Somebody else changed Provider slack meanwhile; nothing was written. Run the command again."
    )
