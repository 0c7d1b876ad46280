"""What ``create … --export`` makes of flags at their edges: negative times, names with slashes and dots, no namespace, big numbers."""

import pathlib
import shlex
from typing import Any

import pytest
import yaml
from front_door import Flux

from flux_cli.core.objects import dig

GIT = "source git demo --url https://e.x/r --branch main"
EDGES: list[tuple[str, str, Any]] = [
    (f"{GIT} --fetch-timeout -5s", "spec.timeout", None),
    (f"{GIT} --ignore-paths '\"\"'", "spec.ignore", ""),
    (f"{GIT} --ignore-paths 'a b,# c'", "spec.ignore", "a b\n# c"),
    (f"{GIT} --namespace=", "metadata", {"name": "demo"}),
    ("secret proxy demo --address x --namespace=", "metadata", {"name": "demo"}),
    ("ks demo --source x --retry-interval -1s", "spec.retryInterval", None),
    ("ks demo --source x --wait --health-check-timeout 0", "spec.timeout", "0s"),
    ("ks demo --source a/b/c", "spec.sourceRef", {"kind": "GitRepository", "name": "a/b/c"}),
    ("ks demo --source bucket/a.b.c", "spec.sourceRef", {"kind": "Bucket", "name": "a.b", "namespace": "c"}),
    ("ks demo --source a.", "spec.sourceRef", {"kind": "GitRepository", "name": "a"}),
    ("ks demo --source x --depends-on /a,b/,c/d/e,f@ready", "spec.dependsOn",
     [{"name": "a"}, {"name": "", "namespace": "b"}, {"name": "d/e", "namespace": "c"}, {"name": "f"}]),
    ("hr demo --chart c --chart-interval -1h", "spec.chart.spec.interval", "-1h0m0s"),
    ("hr demo --chart-ref OCIRepository/", "spec.chartRef", {"kind": "OCIRepository", "name": ""}),
    ("hr demo --chart c --values {d}/big.yaml", "spec.values", {"a": 12345678901234567000, "b": 1000000, "c": 9007199254740992}),
    ("alert demo --provider-ref p --event-source Kustomization/x.,HelmRelease/", "spec.eventSources",
     [{"kind": "Kustomization", "name": "x"}, {"kind": "HelmRelease", "name": ""}]),
    ("secret git demo --url https://e.x/r --username u --bearer-token t", "stringData", {"bearerToken": "t"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "field", "value"), EDGES, ids=[f"{line} {field}" for line, field, _ in EDGES])
def test_edges(line: str, field: str, value: Any, flux: Flux, tmp_path: pathlib.Path) -> None:
    (tmp_path / "big.yaml").write_text("a: 12345678901234567890\nb: 1e6\nc: 9007199254740993\n")
    answer = flux("create", *shlex.split(line.replace("{d}", str(tmp_path))), "--export")
    assert answer.code == 0, answer.err
    assert dig(yaml.safe_load(answer.out), field) == value


WRONG = [
    ("ks demo --source Bucket/.ns", """invalid argument "Bucket/.ns" for "--source" flag: no name given for source of kind 'Bucket'"""),
    ("ks demo --source bucket.ns", """invalid argument "bucket.ns" for "--source" flag: no kind specified for source 'bucket'"""),
    ("secret notation demo --ca-cert-file dir/a.txt --trust-policy-file {d}/trust.json", "a.txt must end with either .crt or .pem"),
    ("secret proxy demo --address http://a:1:2", 'invalid proxy address: parse "http://a:1:2": invalid port ":1:2" after host'),
    ("secret proxy demo --address http://x[::1]", 'invalid proxy address: parse "http://x[::1]": invalid IP-literal'),
    ("secret proxy demo --address http://[::1", """invalid proxy address: parse "http://[::1": missing ']' in host"""),
    ("secret proxy demo --address http://[1.2.3.4]/", 'invalid proxy address: parse "http://[1.2.3.4]/": invalid IP-literal'),
    ("secret proxy demo --address http://%41/#a", 'invalid proxy address: parse "http://%41/": invalid URL escape "%41"'),
    ("secret proxy demo --address http://u%zz@h", 'invalid proxy address: parse "http://u%zz@h": invalid URL escape "%zz"'),
    ("secret proxy demo --address http://h/#%zz", 'invalid proxy address: parse "http://h/#%zz": invalid URL escape "%zz"'),
    ("secret git demo --url ssh://git@127.0.0.1:1/r",
     "SSH key scan for host 127.0.0.1:1 failed, error: dial tcp 127.0.0.1:1: connect: connection refused"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_edges(line: str, message: str, flux: Flux, tmp_path: pathlib.Path) -> None:
    from tests.writes.create_cases import POLICY

    (tmp_path / "trust.json").write_text(POLICY)
    assert flux("create", *shlex.split(line.replace("{d}", str(tmp_path))), "--export") == (1, "", f"✗ {message}\n")


def test_files_are_read_before_anything_is_told(flux: Flux) -> None:
    line = "create source helm demo --url https://e.x --secret-ref s --server http://127.0.0.1:1"
    assert flux(f"{line} --ca-file nope").err == "✗ unable to read TLS CA file: open nope: no such file or directory\n"
    assert flux(f"{line} --cert-file nope").err.startswith("✚ generating HelmRepository source\n")
