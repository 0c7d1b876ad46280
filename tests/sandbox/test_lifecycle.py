"""What becomes of objects: owners, finalizers, namespaces, definitions."""

import pytest

from flux_cli.core.api import CONFIG_MAP, CRD, NAMESPACE, SECRET
from flux_cli.core.errors import Forbidden, NoMatch, NotFound
from flux_cli.kinds import named
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import NAMESPACES, Sandbox

from .manifests import config, git, secret


def test_the_namespaces_of_a_new_cluster(kube: KubeClient) -> None:
    assert [n["metadata"]["name"] for n in kube.list(NAMESPACE).items] == sorted(NAMESPACES)


def test_a_namespace_must_exist(kube: KubeClient) -> None:
    with pytest.raises(NotFound, match='namespaces "nowhere" not found'):
        kube.create(CONFIG_MAP, "nowhere", config("a", "nowhere"))


def test_what_an_owner_owned_goes_with_it(kube: KubeClient) -> None:
    owner = kube.create(CONFIG_MAP, "default", config("owner"))
    other = kube.create(CONFIG_MAP, "default", config("other"))
    ref = {"apiVersion": "v1", "kind": "ConfigMap"}
    both = [ref | {"name": o["metadata"]["name"], "uid": o["metadata"]["uid"]} for o in (owner, other)]
    kube.create(CONFIG_MAP, "default", config("child", ownerReferences=both[:1]))
    kube.create(CONFIG_MAP, "default", config("shared", ownerReferences=both))
    kube.delete(CONFIG_MAP, "default", "owner")
    assert [o["metadata"]["name"] for o in kube.list(CONFIG_MAP, "default").items] == ["other", "shared"]
    assert kube.get(CONFIG_MAP, "default", "shared")["metadata"]["ownerReferences"] == both[1:]


def test_orphans_stay(kube: KubeClient) -> None:
    owner = kube.create(CONFIG_MAP, "default", config("owner"))
    ref = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}
    kube.create(CONFIG_MAP, "default", config("child", ownerReferences=[ref]))
    kube.delete(CONFIG_MAP, "default", "owner", propagation="Orphan")
    assert "ownerReferences" not in kube.get(CONFIG_MAP, "default", "child")["metadata"]


def test_a_namespace_takes_its_content_along_and_takes_nothing_new_while_it_ends(kube: KubeClient) -> None:
    kube.create(NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ends"}})
    kube.create(SECRET, "ends", secret("s", "ends"))
    held = kube.create(CONFIG_MAP, "ends", config("held", "ends", finalizers=["example.com/hold"]))
    kube.delete(NAMESPACE, "", "ends")
    assert kube.get(NAMESPACE, "", "ends")["status"] == {"phase": "Terminating"}
    assert kube.list(SECRET, "ends").items == []
    with pytest.raises(Forbidden, match="because it is being terminated"):
        kube.create(CONFIG_MAP, "ends", config("late", "ends"))
    kube.patch(CONFIG_MAP, "ends", held["metadata"]["name"], {"metadata": {"finalizers": None}})
    with pytest.raises(NotFound):
        kube.get(NAMESPACE, "", "ends")


def test_a_definition_makes_its_kind_served_until_it_goes(kube: KubeClient) -> None:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"plural": "things", "kind": "Thing"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }
    kube.create(CRD, "", crd)
    things = kube.resolve("example.com/v1", "Thing")
    assert (things.plural, things.namespaced) == ("things", False)
    kube.create(things, "", {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "x": 1})
    assert kube.get(things, "", "a")["x"] == 1
    kube.delete(CRD, "", "things.example.com")
    with pytest.raises((NotFound, NoMatch)):
        kube.get(things, "", "a")


def test_flux_kinds_are_served_without_definitions(kube: KubeClient) -> None:
    made = kube.create(named("GitRepository").resource, "default", git())
    assert (made["metadata"]["generation"], made["spec"]["url"]) == (1, "https://example.com/repo")


def test_a_quota_is_kept(sandbox: Sandbox, kube: KubeClient) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "tight", "namespace": "default"},
             "spec": {"hard": {"configmaps": "1"}}}  # fmt: skip
    kube.create(kube.resolve("v1", "ResourceQuota"), "default", quota)
    kube.create(CONFIG_MAP, "default", config("one"))
    wanted = (
        'configmaps "two" is forbidden: exceeded quota: tight, requested: configmaps=1, used: configmaps=1, limited: configmaps=1'
    )
    with pytest.raises(Forbidden, match=wanted):
        kube.create(CONFIG_MAP, "default", config("two"))
    assert len(sandbox.store.objects(("", "configmaps"))) == 1
