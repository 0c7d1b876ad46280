"""``create … --export``: what every command and flag makes, and that API servers take it under strict field validation."""

import pathlib
import re
import shlex
from typing import Any

import pytest
import trustme
import yaml
from front_door import Flux
from real_cluster import RealCluster

from flux_cli.commands._dialect.loading import load as load_table
from flux_cli.commands._dialect.table import Node
from flux_cli.commands._dialect.values import CHOICES
from flux_cli.core.errors import Conflict
from flux_cli.services.creating.patterns import capture_groups
from tests.writes.conftest import Cluster
from tests.writes.create_cases import ELSEWHERE, EVERYWHERE, FILES, OBJECTS, SECRETS

CASES = OBJECTS | SECRETS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The files that flags name."""
    made = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (made / name).write_text(text)
    authority = trustme.CA()
    server = authority.issue_cert("example.com")
    server.private_key_pem.write_to_path(made / "tls.key")
    server.cert_chain_pems[0].write_to_path(made / "tls.crt")
    authority.cert_pem.write_to_path(made / "ca.crt")
    return made


def exported(flux: Flux, case: str, folder: pathlib.Path, flags: str = "") -> list[dict[str, Any]]:
    answer = flux("create", *shlex.split(case), *(flags or CASES[case]).format(d=folder).split(), "-n", "live", "--export")
    assert answer.code == 0, answer.err
    return list(yaml.safe_load_all(answer.out[answer.out.index("---\n") :]))  # a deprecated flag's notice comes first


def commands() -> dict[str, Node]:
    """Every ``create`` command of the tree that runs, by the words after ``create``."""
    table = load_table()
    return {
        path.removeprefix("create "): table.node(path)
        for path, node in table.nodes.items()
        if path.startswith("create ") and node[4]
    }


def test_the_cases_give_every_flag() -> None:
    """A command or a flag that is new and has no case fails here."""
    missing = []
    for path, node in commands().items():
        words = {word for case, text in CASES.items() if case.startswith(f"{path} ") for word in text.split()}
        flags = {f"--{name}" for name, _ in node.takes} - EVERYWHERE - ELSEWHERE.get(path, set())
        missing += [f"flux create {path} {flag}" for flag in sorted(flags - words)]
    assert missing == []
    assert ELSEWHERE.keys() <= commands().keys()


def choices() -> list[tuple[str, str]]:
    """(case, flags) for every value, of every flag that takes one of several, that the cases themselves do not give."""
    table = load_table()
    found: list[tuple[str, str]] = []
    for path, node in commands().items():
        own = {table.flag(index).name: table.flag(index) for index in (*node.own, *table.inherited(f"create {path}"))}
        for name, row in own.items():
            values = CHOICES[row.type].values if row.type in CHOICES else row.complete.partition("words:")[2].split("|")
            cases = [case for case, text in CASES.items() if case.startswith(f"{path} ") and f"--{name} " in text]
            left = [value for value in values if value and not any(f"--{name} {value} " in f"{CASES[case]} " for case in cases)]
            found += [(case, re.sub(rf"(--{name}) \S+", rf"\1 {value}", CASES[case])) for case in cases[-1:] for value in left]
    return found


def test_the_embedded_cluster_takes_it_all(bare: Cluster, folder: pathlib.Path) -> None:
    for case in CASES:
        for obj in exported(bare.flux, case, folder):
            resource = bare.kube.resolve(obj["apiVersion"], obj["kind"])
            try:
                bare.kube.create(resource, obj["metadata"].get("namespace", ""), obj, strict=True)
            except Conflict:
                assert obj["kind"] in ("ServiceAccount", "RoleBinding", "Namespace", "Secret")


@pytest.mark.real
def test_a_real_api_server_takes_it_all(
    flux: Flux, real_cluster: RealCluster, folder: pathlib.Path, shared: pathlib.Path
) -> None:
    manifests = yaml.safe_load_all((shared / "conformance" / "cluster" / "install.yaml").read_text())
    real_cluster.load([obj for obj in manifests if obj["kind"] == "CustomResourceDefinition"])
    refused = []
    for case, flags in [*CASES.items(), *choices()]:
        for obj in exported(flux, case, folder, flags):
            path = real_cluster._path(obj)
            status, answer = real_cluster.call("POST", f"{path}?fieldValidation=Strict&dryRun=All", obj)
            if status >= 300:
                refused.append((case, flags, answer["message"]))
    assert refused == []


SPECS = {
    "source git one": {
        "ignore": "a\nb/*.md", "interval": "5m0s", "provider": "github", "proxySecretRef": {"name": "p"}, "recurseSubmodules": True,
        "ref": {"branch": "main", "commit": "abc"}, "secretRef": {"name": "s"}, "sparseCheckout": ["x", "y"], "timeout": "30s",
        "url": "https://example.com/r",
    },
    "kustomization one": {
        "decryption": {"provider": "sops", "secretRef": {"name": "sops-age"}},
        "dependsOn": [{"name": "a"}, {"name": "b", "namespace": "ns"}],
        "healthChecks": [
            {"kind": "Deployment", "name": "web", "namespace": "apps"},
            {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "name": "db", "namespace": "apps"},
        ],
        "interval": "5m0s", "kubeConfig": {"secretRef": {"name": "k"}}, "path": "./deploy", "prune": True, "retryInterval": "2m0s",
        "serviceAccountName": "sa", "sourceRef": {"kind": "OCIRepository", "name": "x", "namespace": "other"},
        "targetNamespace": "t", "timeout": "3m0s",
    },
    "kustomization two": {
        "interval": "1m0s", "path": "./", "prune": False, "sourceRef": {"kind": "GitRepository", "name": "apps"}, "timeout": "2m0s",
        "wait": True,
    },
    "helmrelease one": {
        "chart": {"spec": {
            "chart": "web", "interval": "1h0m0s", "reconcileStrategy": "Revision",
            "sourceRef": {"kind": "HelmRepository", "name": "charts", "namespace": "other"}, "version": "1.x",
        }},
        "dependsOn": [{"name": "a"}, {"name": "b", "namespace": "ns"}],
        "install": {"crds": "Create", "createNamespace": True}, "interval": "5m0s", "kubeConfig": {"secretRef": {"name": "k"}},
        "releaseName": "r", "serviceAccountName": "sa", "storageNamespace": "s", "targetNamespace": "t",
        "upgrade": {"crds": "CreateReplace"}, "values": {"image": {"pull": False, "tag": "1.0"}, "ratio": 1.5, "replicas": 0},
        "valuesFrom": [{"kind": "Secret", "name": "a"}, {"kind": "ConfigMap", "name": "b"}],
    },
    "helmrelease two": {
        "chartRef": {"kind": "OCIRepository", "name": "web", "namespace": "other"}, "interval": "1m0s", "storageNamespace": "t",
        "targetNamespace": "t",
    },
    "alert one": {
        "eventSeverity": "error", "providerRef": {"name": "p"},
        "eventSources": [{"kind": "Kustomization", "name": "*"}, {"kind": "HelmRelease", "name": "web", "namespace": "apps"}],
    },
}  # fmt: skip


@pytest.mark.parametrize("case", SPECS)
def test_the_spec_of(case: str, flux: Flux, folder: pathlib.Path) -> None:
    (obj,) = exported(flux, case, folder)
    assert obj["spec"] == SPECS[case]


def test_a_whole_document(flux: Flux) -> None:
    line = "create source git podinfo --url=https://github.com/stefanprodan/podinfo --tag-semver='>=6.0.0' --label=a=b --export"
    assert flux(line) == (
        0,
        "---\n"
        "apiVersion: source.toolkit.fluxcd.io/v1\n"
        "kind: GitRepository\n"
        "metadata:\n"
        "  labels:\n"
        "    a: b\n"
        "  name: podinfo\n"
        "  namespace: flux-system\n"
        "spec:\n"
        "  interval: 1m0s\n"
        "  ref:\n"
        "    semver: '>=6.0.0'\n"
        "  url: https://github.com/stefanprodan/podinfo\n",
        "",
    )


def test_a_whole_secret_ends_with_an_empty_line(flux: Flux) -> None:
    assert flux("create secret oci reg --url=ghcr.io --username=u --password-stdin --export", stdin="<p>\n").out == (
        "---\n"
        "apiVersion: v1\n"
        "kind: Secret\n"
        "metadata:\n"
        "  name: reg\n"
        "  namespace: flux-system\n"
        "stringData:\n"
        "  .dockerconfigjson: |-\n"
        "    {\n"
        '      "auths": {\n'
        '        "ghcr.io": {\n'
        '          "username": "u",\n'
        '          "password": "\\u003cp\\u003e",\n'
        '          "auth": "dTo8cD4="\n'
        "        }\n"
        "      }\n"
        "    }\n"
        "type: kubernetes.io/dockerconfigjson\n"
        "\n"
    )


WRONG = [
    ("source git x1 --url https://u --branch b --label a=b=c", "invalid label format 'a=b=c', must be key=value"),
    ("source git x1 --url git@example.com:r --branch b",
     'git URL parse failed: parse "git@example.com:r": first path segment in URL cannot contain colon'),
    ("source git x1 --url ssh://git@h/r --branch b --ca-file f", "specifying a CA file is not supported for Git over SSH"),
    ("source helm x1 --url https://", "url host is required"),
    ("source oci x1 --url oci://x --tag 1 --layer-selector a:b",
     'invalid --layer-selector "a:b": operation must be "extract" or "copy"'),
    ("source oci x1 --url oci://x --tag 1 --verify-secret-ref k", "a verification provider must be specified when a secret is specified"),
    ("source oci x1 --url oci://x --tag 1 --verify-issuer k",
     "a verification provider must be specified when OIDC issuer/subject is specified"),
    ("source chart x1 --chart c", "chart source is required"),
    ("ks x1 --source a --health-check x", "invalid health check 'x' must be in the format 'kind/name.namespace' [x]"),
    ("ks x1 --source a --health-check Job/x.y",
     "invalid health check kind 'Job' can be HelmRelease, Deployment, DaemonSet or StatefulSet"),
    ("ks x1 --source a --health-check Deployment/x", "invalid health check 'Deployment/x' must be in the format 'kind/name.namespace'"),
    ("ks x1", "source is required"),
    ("hr x1 --chart c --values nope.yaml", "reading values from nope.yaml failed: open nope.yaml: no such file or directory"),
    ("hr x1 --chart c --values-from x", "invalid Kubernetes object reference 'x', must be in format <kind>/<name>"),
    ("hr x1 --chart c --values-from Pod/x", "reference kind 'Pod' is not supported, must be one of: Secret, ConfigMap"),
    ("image policy x1 --image-ref x --select-alpha asc --select-numeric asc",
     "only one of --select-semver, --select-alpha or --select-numeric can be specified"),
    ("image policy x1 --image-ref x --select-semver 1 --filter-extract x",
     "cannot specify --filter-extract without specifying --filter-regex"),
    ("image policy x1 --image-ref x --select-semver 1 --filter-regex a --filter-extract $",  "--filter-extract is malformed"),
    ("image policy x1 --image-ref x --select-semver 1 --filter-regex a --filter-extract $v",
     "capture group $v used in --filter-extract not found in --filter-regex"),
    ("image policy x1 --image-ref x --select-semver 1 --filter-regex (?=a)", "--filter-regex is an invalid regex pattern"),
    ("image policy x1 --image-ref x --select-semver 1 --interval 1m",
     "the --interval flag can only be used with the 'Always' digest reflection policy, use --reflect-digest=Always"),
    ("image repository x1 --image ghcr.io/x:v1",
     "unable to parse image value: repository can only contain the characters `abcdefghijklmnopqrstuvwxyz0123456789_-./`: x:v1"),
    ("tenant t1 --with-namespace a/b/c/d", None),
    ("tenant t1", "with-namespace is required"),
    ("tenant t1 --with-namespace a --cluster-role=", "cluster-role is required"),
    ("alert x1 --provider-ref p --event-source x", "invalid event source 'x', must be in format <kind>/<name>"),
    ("alert x1 --provider-ref p", "at least one event source is required"),
    ("alert-provider x1", "Provider type is required"),
    ("receiver x1", "Receiver type is required"),
    ("image update x1 --git-repo-ref g", "the Git repository branch is required (--checkout-branch)"),
    ("image update x1 --git-repo-ref g --checkout-branch b --author-name a --author-email e --signing-key-type gpg",
     "--signing-key-type requires --signing-key-secret"),
    ("image repository x1 --image x", "unable to parse image value: repository must be between 2 and 255 characters in length: x"),
    ("image repository x1 --image a_b.c:x:y/app", "unable to parse image value: registries must be valid RFC 3986 URI authorities: a_b.c:x:y"),
    ("source git x1 --url https://u --branch b --label =v", "invalid label '': [name part must be non-empty name part must consist of "
     "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
     "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')]"),
    ("source git x1 --url https://u --branch b --label a/b/c=v", "invalid label 'a/b/c': [a valid label key must consist of alphanumeric "
     "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', "
     "regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' "
     "(e.g. 'example.com/MyName')]"),
    ("source git x1 --url https://u --branch b --label a=-", "invalid label value '-': [a valid label must be an empty string or consist of "
     "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
     "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')]"),
    ("secret tls x1 --tls-crt-file {d}/tls.crt", "found certificate but missing private key"),
    ("secret tls x1 --tls-crt-file {d}/ca.crt --tls-key-file {d}/tls.key",
     "invalid TLS certificate and key pair: tls: private key does not match public key"),
    ("secret tls x1 --tls-crt-file {d}/tls.key --tls-key-file {d}/tls.key",
     "invalid TLS certificate and key pair: tls: failed to find certificate PEM data in certificate input, "
     "but did find a private key; PEM inputs may have been switched"),
    ("secret helm x1 --password p", "username is required"),
    ("secret proxy x1 --address http://x:y", 'invalid proxy address: parse "http://x:y": invalid port ":y" after host'),
    ("secret notation x1 --trust-policy-file {d}/values.yaml --ca-cert-file {d}/ca.crt", None),
    ("secret notation x1 --trust-policy-file {d}/trust.json --ca-cert-file a.txt,b.crt",
     "a.txt must end with either .crt or .pem\nunable to read TLS CA file: open b.crt: no such file or directory"),
    ("secret githubapp x1 --app-id 1 --app-private-key {d}/app.pem",
     "exactly one of githubAppInstallationOwner or githubAppInstallationID must be provided"),
    ("secret oci x1 --url x --username u --password p --password-file {d}/password",
     "use only one of --password, --password-stdin and --password-file"),
]  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    [
        r"^v1\++$",
        "[?+]+",
        "(?<v>[0-9]+)",
        "(?P<v>x)",
        r"\d+\.\d+",
        "[[:digit:]]+",
        r"\pL+",
        "(?i)x",
        r"a\\1",
        r"x\z",
        r"\Q(\E",
        "(?U)(?i)",
        r"\012",
        "(?s-i:a)+",
        "a{,2}",
        "[]a]",
        r"\x{41}",
    ],
)
def test_patterns_that_go_takes(pattern: str) -> None:
    assert capture_groups(pattern) == ({"v"} if "<v>" in pattern else set())


@pytest.mark.parametrize(
    "pattern",
    [
        "a++",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        r"x\Z",
        "[[:nope:]]",
        r"[\b]",
        "a{1001}",
        "a{2,1}",
        "(?x)",
        "*",
        "a|*",
        "(?P<v>a)(?P<v>b)",
        r"(?P<a>x)\1",
        "(?P=a)",
        "(",
        "[a",
    ],
)
def test_patterns_that_go_refuses(pattern: str) -> None:
    assert capture_groups(pattern) is None


@pytest.mark.parametrize(("line", "message"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_flags(line: str, message: str | None, flux: Flux, folder: pathlib.Path) -> None:
    answer = flux("create", *line.format(d=folder).split(), "--export")
    assert (answer.code, answer.out) == (1, "")
    if message is not None:
        assert answer.err.removeprefix("✚ generating HelmChart source\n") == f"✗ {message}\n"
