"""A snapshot holds what a diagnosis reads, and no secret."""

import base64
import json
import pathlib
import tarfile

import pytest
from diagnosis.scenarios import LOOP
from diagnosis.world import Object, by, deployment, event, failing, hr, inventory, kept, ks, made, pod, ready
from front_door import Flux

from flux_cli.diagnosis.masking import mask

CANARY = "c4n4ry"


def canary(place: str) -> str:
    return f"{CANARY}-{place}-Zx81"


REGISTRY = {"auths": {"r.example.com": {"auth": base64.b64encode(f"me:{canary('registry-9')}".encode()).decode()}}}


def planted() -> list[Object]:
    """A cluster with a canary in every place where a secret can hide."""
    secret = canary("secret")
    web = deployment(labels=by("Kustomization", "apps"))
    web["spec"]["template"] = {
        "metadata": {"labels": {"app": "web"}, "annotations": {"vault/token": canary("template-annotation")}},
        "spec": {
            "containers": [{
                "name": "main", "image": "x:1", "env": [{"name": "PASSWORD", "value": canary("env")}], "args": [f"--password={canary('args')}"],
                "command": ["run", canary("command")], "livenessProbe": {"httpGet": {"httpHeaders": [{"name": "Authorization", "value": canary("probe")}]}},
            }],
        },
    }  # fmt: skip
    crashing = pod(web, [LOOP])
    crashing["spec"]["containers"][0]["env"] = [{"name": "TOKEN", "value": canary("pod-env")}]
    crashing["spec"]["volumes"] = [{"name": "v", "csi": {"driver": "x", "volumeAttributes": {"key": canary("volume")}}}]
    crashing["metadata"]["annotations"] = {"note": canary("pod-annotation")}
    applied = ks(
        "apps",
        status=inventory("apps_web_apps_Deployment"),
        postBuild={"substitute": {"PASSWORD": canary("substitute")}},
        patches=[{"patch": f"password: {canary('patch')}"}],
    )
    applied["metadata"]["annotations"] = {
        "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"x": canary("last-applied")}),
        "team/note": canary("annotation"),
    }
    applied["metadata"]["managedFields"] = [{"manager": canary("managed")}]
    return [
        failing("GitRepository", "apps", "GitOperationFailed", f"unable to clone 'https://git:{canary('message')}@h/r': authentication required: ", spec={"url": f"https://git:{canary('url')}@h/r"}),
        applied, web, crashing, ready("HelmRepository", "charts", spec={"url": f"https://user:{canary('helm-url')}@charts/x?token={canary('query')}"}),
        hr("web", values={"db": {"password": canary("values"), "list": [canary("values-list")]}}, postRenderers=[{"kustomize": {"patches": [{"patch": canary("post-renderer")}]}}]),
        made("Secret", "s", data={"k": base64.b64encode(secret.encode()).decode()}, stringData={"x": canary("string-data")}),
        made("Secret", "remote", data={"value": base64.b64encode(f"users:\n- user:\n    token: {canary('kubeconfig')}\n".encode()).decode()}),
        made("Secret", "pull", data={".dockerconfigjson": base64.b64encode(json.dumps(REGISTRY).encode()).decode()}),
        made("Secret", "enc", data={"k": base64.b64encode(b"ENC[AES256_GCM,data:x]").decode()}),
        made("ConfigMap", "cm", data={"password": canary("config-map")}, binaryData={"x": canary("binary")}),
        made("Provider", "slack", spec={"type": "slack", "address": f"https://hooks.slack.com/services/T/B/{canary('address')}"}),
        made("Alert", "all", spec={"providerRef": {"name": "slack"}, "eventMetadata": {"k": canary("event-metadata")}}),
        ready("Receiver", "hook", spec={"secretRef": {"name": "s"}}, status={"webhookPath": f"/hook/{canary('hook')}"}),
        event(applied, "Failed", f"Authorization: Bearer {canary('bearer')} and again {secret}"),
        deployment("kustomize-controller", up=True, namespace="flux-system"), pod(deployment("kustomize-controller", namespace="flux-system"), name="kc"),
    ]  # fmt: skip


LOG = f"""starting
words of its own: {canary("env")}, {canary("values")}, {canary("config-map")}, {canary("substitute")}, {canary("kubeconfig")}, {canary("registry-9")}
connecting to postgres://app:{canary("log-url")}@db/x
password={canary("log-password")} api_key: "{canary("log-key")}" {{"token":"{canary("log-json")}"}} --client-secret={canary("log-flag")}
the value itself: {canary("secret")}
"""


@pytest.fixture
def showcase(tmp_path: pathlib.Path) -> pathlib.Path:
    return kept(tmp_path / "cluster", *planted(), **{"pod_web-5f6c7d8e9-abcde": LOG, "pod_kc": LOG})


@pytest.mark.parametrize("name", ["folder", "archive.tar.gz"])
def test_no_canary_leaves_the_cluster(flux: Flux, showcase: pathlib.Path, tmp_path: pathlib.Path, name: str) -> None:
    target = tmp_path / name
    got = flux(f"snapshot {target} --from {showcase}")
    assert (got.code, got.out) == (0, f"{target}\n")
    found = dict(contents(target))
    assert {n for n, content in found.items() if CANARY in content} == set()
    assert base64.b64encode(CANARY.encode()).decode()[:6] not in "".join(found.values())
    assert "***" in found["pod-web-5f6c7d8e9-abcde.log"]
    assert target.stat().st_mode & 0o077 == 0


def contents(path: pathlib.Path) -> list[tuple[str, str]]:
    if path.is_dir():
        return [(p.name, p.read_text()) for p in path.iterdir()]
    with tarfile.open(path) as archive:
        return [(m.name.split("/")[-1], archive.extractfile(m).read().decode()) for m in archive]  # type: ignore[union-attr]


def test_a_snapshot_tells_the_same(flux: Flux, showcase: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """Groups, objects and counts of the triage are those of the cluster itself."""
    flux(f"snapshot {tmp_path / 'x.tgz'} --from {showcase}")
    here, there = (json.loads(flux(f"troubleshoot -A --from {p} -o json").out) for p in (showcase, tmp_path / "x.tgz"))
    assert [(g["code"], g["object"], g["symptoms"]) for g in here["groups"]] == [
        (g["code"], g["object"], g["symptoms"]) for g in there["groups"]
    ]
    assert here["counts"] == there["counts"]
    assert len(here["groups"]) >= 2


def test_ciphertext_is_still_told_from_content(flux: Flux, tmp_path: pathlib.Path) -> None:
    cluster = kept(
        tmp_path / "c",
        ready("GitRepository", "apps"),
        ks("apps", status=inventory("apps_enc__Secret")),
        made("Secret", "enc", data={"k": base64.b64encode(b"ENC[AES]").decode()}),
    )
    flux(f"snapshot {tmp_path / 's'} --from {cluster}")
    assert (
        json.loads(flux(f"why ks/apps -n apps --from {tmp_path / 's'} -o json").out)["causes"][0]["code"]
        == "sops-decryption-failed"
    )


def test_nothing_is_overwritten(flux: Flux, showcase: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "x.tgz").write_text("mine")
    got = flux(f"snapshot {tmp_path / 'x.tgz'} --from {showcase}")
    assert (got.code, got.out) == (1, "")
    assert (tmp_path / "x.tgz").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://user:pw@host/x", "https://***@host/x"),
        ("Authorization: Bearer abcdef123456", "Authorization: *** ***"),
        ("token=abc&x=1", "token=***&x=1"),
        ("ghp_abcdefghijkl1234 AKIAABCDEFGHIJKLMNOP glpat-abcdefgh12", "*** *** ***"),
        ("AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQ", "***"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----", "***"),
        (
            "failed to get secret 'apps/creds': secrets \"creds\" not found",
            "failed to get secret 'apps/creds': secrets \"creds\" not found",
        ),
        (
            "failed to get secret 'my-app/bucket-credentials': secrets \"bucket-credentials\" not found",
            "failed to get secret 'my-app/bucket-credentials': secrets \"bucket-credentials\" not found",
        ),
        (
            "postBuild: 'ConfigMap/app-token': configmaps \"app-token\" not found",
            "postBuild: 'ConfigMap/app-token': configmaps \"app-token\" not found",
        ),
        ('{"token": "abc", "x": 1}', '{"token": ***, "x": 1}'),
        ("DB_PASSWORD=abc --client-secret=x password: y", "DB_PASSWORD=*** --client-secret=*** password: ***"),
        (
            "failed to verify the signature using provider 'cosign': PEM decoding failed",
            "failed to verify the signature using provider 'cosign': PEM decoding failed",
        ),
        (
            "invalid 'apps/s3' secret data: required fields 'accesskey' and 'secretkey'",
            "invalid 'apps/s3' secret data: required fields 'accesskey' and 'secretkey'",
        ),
        (
            "unable to clone 'http://h/private/apps.git': authentication required: ",
            "unable to clone 'http://h/private/apps.git': authentication required: ",
        ),
    ],
)
def test_masks_leave_messages_readable(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_words_and_names_are_no_secrets(flux: Flux, tmp_path: pathlib.Path) -> None:
    """A Secret's name stays readable wherever it is named, and so does an ordinary word under a secret's key."""
    settings = made(
        "ConfigMap", "cm", data={"authorization": "enabled", "x.yaml": "existingSecret: web-login1\nsecretName: web-login1\n"}
    )
    cluster = kept(
        tmp_path / "c",
        settings,
        made("Secret", "web-login1", data={"k": ""}),
        *crashed(),
        **{"pod_db-0": "web-login1 is enabled\n"},
    )
    flux(f"snapshot {tmp_path / 's'} --from {cluster}")
    assert "web-login1 is enabled" in dict(contents(tmp_path / "s"))["pod-db-0.log"]


def crashed() -> list[Object]:
    return [pod(deployment("db"), [LOOP], name="db-0"), ready("GitRepository", "apps")]


def test_logs_of_namesakes_and_of_the_run_before(flux: Flux, tmp_path: pathlib.Path) -> None:
    """Pods of one name in two namespaces keep their own logs, and the log of the run that ended is kept and read back."""
    cluster = tmp_path / "c"
    other = pod(deployment("db", namespace="infra"), [LOOP], name="db-0")
    kept(cluster, *crashed(), other, ready("GitRepository", "apps", "infra"))
    for name, said in (("apps_db-0", "here"), ("apps_db-0_previous", "here before"), ("infra_db-0", "there")):
        (cluster / f"pod-{name}.log").write_text(said + "\n")
    flux(f"snapshot {tmp_path / 's'} --from {cluster}")
    found = dict(contents(tmp_path / "s"))
    assert {n: c for n, c in found.items() if n.endswith(".log")} == {
        "pod-apps_db-0.log": "here\n", "pod-apps_db-0_previous.log": "here before\n", "pod-infra_db-0.log": "there\n",
    }  # fmt: skip
    shown = flux(f"why pod db-0 -n apps --from {tmp_path / 's'}").out
    assert ("here before" in shown, "there" in shown) == (True, False)


def test_the_versions_that_are_served_come_along(flux: Flux, tmp_path: pathlib.Path) -> None:
    """``check`` reads the CRDs of Flux from a snapshot; their schemas and the CRDs of others stay behind."""

    def definition(group: str, kind: str, **labels: str) -> Object:
        version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
        names = {"kind": kind, "plural": f"{kind.lower()}s", "singular": kind.lower()}
        spec = {"group": group, "names": names, "scope": "Namespaced", "versions": [version]}
        name = f"{kind.lower()}s.{group}"
        return made(
            "CustomResourceDefinition",
            name,
            "",
            api_version="apiextensions.k8s.io/v1",
            spec=spec,
            metadata={"labels": labels},
            status={"storedVersions": ["v1"]},
        )

    flux_crd = definition(
        "kustomize.toolkit.fluxcd.io",
        "Kustomization",
        **{"app.kubernetes.io/part-of": "flux", "app.kubernetes.io/instance": "flux-system"},
    )
    cluster = kept(tmp_path / "c", flux_crd, definition("x.io", "Thing"), ready("GitRepository", "apps"))
    flux(f"snapshot {tmp_path / 's'} --from {cluster}")
    [found] = json.loads(dict(contents(tmp_path / "s"))["customresourcedefinitions.apiextensions.k8s.io.json"])["items"]
    assert found["spec"]["versions"] == [{"name": "v1", "served": True, "storage": True}]
    assert "✔ kustomizations.kustomize.toolkit.fluxcd.io/v1\n" in flux(f"check --from {tmp_path / 's'}").err
