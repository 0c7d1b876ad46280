"""``flux get``: whole outputs."""

import json
import time

import pytest
import yaml
from reads.stage import REVISION, Cluster, in_state, made


@pytest.fixture
def filled(cluster: Cluster) -> Cluster:
    """Two namespaces: what is well, what fails, what is suspended, what nobody has looked at yet."""
    source = {"sourceRef": {"kind": "GitRepository", "name": "flux-system"}}
    cluster.keep(
        in_state(
            "GitRepository", "flux-system", "True", f"stored artifact for revision '{REVISION}'",
            also={"artifact": {"revision": REVISION, "size": 2150}},
        ),
        in_state(
            "Kustomization", "flux-system", "True", f"Applied revision: {REVISION}", spec=source,
            also={"lastAppliedRevision": REVISION},
        ),
        in_state("Kustomization", "infra", "False", "health check failed\nafter 2m0s", spec=source | {"suspend": True}),
        made("Kustomization", "new", "apps", spec=source),
        in_state("HelmRelease", "web", "Unknown", "Running 'install' action", "apps", spec={"chartRef": {"kind": "OCIRepository", "name": "web"}}),
        made("HelmRepository", "charts", "apps", spec={"type": "oci", "url": "oci://example.com/charts"}),
        made("Alert", "on-call", "apps", spec={"suspend": True}),
        made("Provider", "slack", "apps", spec={"type": "slack"}),
    )  # fmt: skip
    return cluster


def test_one_kind(filled: Cluster) -> None:
    got = filled.flux("get ks")
    assert got.out == (
        "NAME       \tREVISION          \tSUSPENDED\tREADY\tMESSAGE                              \n"
        "flux-system\tmain@sha1:77e95a8a\tFalse    \tTrue \tApplied revision: main@sha1:77e95a8a\t\n"
        "infra      \t                  \tTrue     \tFalse\thealth check failed                 \t\n"
        "           \t                  \t         \t     \tafter 2m0s                          \t\n"
    )
    assert (got.code, got.err) == (0, "")
    assert [s.path for s in filled.wire.sent] == ["/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations"]


@pytest.mark.parametrize("summer", ["M4.1.0,M10.1.0", "M10.1.0,M4.1.0"], ids=["north", "south"])
def test_times_are_local_whatever_the_clock_shows_now(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, summer: str) -> None:
    """An offset of nothing is Z, also in a zone that has another one today."""
    cluster.keep(
        in_state("ImageRepository", "a", "True", "m", also={"lastScanResult": {"scanTime": "2026-01-15T10:00:00Z"}}),
        in_state("ImageRepository", "b", "True", "m", also={"lastScanResult": {"scanTime": "2026-07-15T10:00:00Z"}}),
    )
    monkeypatch.setenv("TZ", f"WET0WEST,{summer}")
    time.tzset()
    lines = cluster.flux("get images repository --no-header").out.splitlines()
    monkeypatch.undo()
    time.tzset()
    shifted, plain = ("b", "a") if summer.startswith("M4") else ("a", "b")
    months = {"a": "01", "b": "07"}
    seen = {line.split("\t")[0].strip(): line.split("\t")[1].strip() for line in lines}
    assert seen == {plain: f"2026-{months[plain]}-15T10:00:00Z", shifted: f"2026-{months[shifted]}-15T11:00:00+01:00"}


def test_all_namespaces_and_the_source(filled: Cluster) -> None:
    assert filled.flux("get hr -A --show-source --no-header").out == (
        "apps\tweb\tOCIRepository/apps/web\t\tFalse\tUnknown\tRunning 'install' action\t\n"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("get ks -n nothing", 'no Kustomization objects found in "nothing" namespace'),
        ("get ks nope", "Kustomization object 'nope' not found in \"flux-system\" namespace"),
        ("get buckets x", ""),
        ("get sources bucket x -A", "Bucket object 'x' not found in any namespace"),
        ("get receivers -A", "no Receiver objects found in any namespace"),
        ("get ks --status-selector ready", "expected status selector in type=status or type!=status format, but found: ready"),
        ("get ks -l a!=b", 'unable to parse label selector: "!=" is not a valid label selector operator'),
        ("get ks -l a>1", 'unable to parse label selector: "gt" isn\'t supported in label selectors'),
        (
            "get ks -l 'a=b \"c\"'",
            'unable to parse label selector: couldn\'t parse the selector string "a=b "c"": found \'"c"\', expected: \',\' or '
            "'end of string'",
        ),
        (
            "get ks -l a,",
            "unable to parse label selector: couldn't parse the selector string \"a,\": found '', expected: identifier after ','",
        ),
        ("get all -w", "expected a single resource type, but found all"),
        ("get ks -o nope", "--output must be one of table, json, yaml, wide, name, markdown, csv, not nope"),
        ("get ks --ready maybe", "--ready must be true, false or unknown, not maybe"),
    ],
)
def test_refusals(filled: Cluster, line: str, message: str) -> None:
    got = filled.flux(line)
    if message:
        assert (got.code, got.out, got.err) == (1, "", f"✗ {message}\n")
    else:  # an unknown word below a group is answered with its help
        assert (got.code, got.err) == (0, "")
        assert "Usage:" in got.out


def test_a_label_selector_is_sent_as_the_go_client_writes_it(filled: Cluster) -> None:
    filled.flux("get ks -l 'tier in (b, a),app==x,!old'")
    assert filled.wire.sent[-1].path.endswith("?labelSelector=app=x,!old,tier in (a,b)")


def test_all_kinds_in_order_each_with_an_empty_line(filled: Cluster) -> None:
    got = filled.flux("get all -n apps")
    assert got.out == (
        "NAME                 \tREVISION\tSUSPENDED\tREADY\tMESSAGE                  \n"
        "helmrepository/charts\t        \tFalse    \tTrue \tHelm repository is Ready\t\n\n"
        "NAME           \tREVISION\tSUSPENDED\tREADY  \tMESSAGE                  \n"
        "helmrelease/web\t        \tFalse    \tUnknown\tRunning 'install' action\t\n\n"
        "NAME             \tREVISION\tSUSPENDED\tREADY\tMESSAGE                  \n"
        "kustomization/new\t        \tFalse    \tFalse\twaiting to be reconciled\t\n\n"
        "NAME          \tREADY\tMESSAGE           \n"
        "provider/slack\tTrue \tProvider is Ready\t\n\n"
        "NAME         \tSUSPENDED\tREADY\tMESSAGE        \n"
        "alert/on-call\tTrue     \tTrue \tAlert is Ready\t\n\n"
    )
    assert (got.code, got.err) == (0, "")


def test_a_name_that_no_kind_has(filled: Cluster) -> None:
    got = filled.flux("get images all nope")
    kinds = ("ImageRepository", "ImagePolicy", "ImageUpdateAutomation")
    assert got.err == "".join(f"✗ {kind} object 'nope' not found in \"flux-system\" namespace\n" for kind in kinds)
    assert (got.code, got.out) == (0, "")


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ("--status-selector ready=FALSE", ["infra"]),
        ("--status-selector ready!=true", ["new", "infra"]),
        ("--suspended", ["infra"]),
        ("--suspended=false", ["new", "flux-system"]),
        ("--ready false", ["new", "infra"]),
        ("--ready true --suspended", []),
        ("--stale", ["new"]),
        ("--sort-by name", ["flux-system", "infra", "new"]),
        ("--sort-by .metadata.namespace", ["new", "flux-system", "infra"]),
        ("--sort-by ready --ready false", ["new", "infra"]),
    ],
)
def test_filters_and_order(filled: Cluster, flags: str, names: list[str]) -> None:
    got = filled.flux(f"get ks -A -o name {flags}")
    assert got.out == "".join(f"kustomization.kustomize.toolkit.fluxcd.io/{name}\n" for name in names)
    assert (got.code, got.err) == (0, "")


def test_a_column_that_does_not_exist(filled: Cluster) -> None:
    got = filled.flux("get ks --sort-by colour")
    assert got.err == (
        "✗ --sort-by: there is no column colour\n"
        "Columns: namespace, name, source, revision, suspended, ready, message, changed, age; or a field such as .metadata.name\n"
    )


def test_json_and_yaml_are_the_objects_in_a_list(filled: Cluster) -> None:
    value = json.loads(filled.flux("get ks -A -o json").out)
    assert (value["apiVersion"], value["kind"]) == ("v1", "List")
    assert [(o["kind"], o["metadata"]["namespace"], o["metadata"]["name"]) for o in value["items"]] == [
        ("Kustomization", "apps", "new"),
        ("Kustomization", "flux-system", "flux-system"),
        ("Kustomization", "flux-system", "infra"),
    ]
    assert yaml.safe_load(filled.flux("get ks -A -o yaml").out) == value


def test_json_of_all_kinds_is_one_list(filled: Cluster) -> None:
    value = json.loads(filled.flux("get all -A -o json").out)
    assert sorted({o["kind"] for o in value["items"]}) == [
        "Alert",
        "GitRepository",
        "HelmRelease",
        "HelmRepository",
        "Kustomization",
        "Provider",
    ]


def test_an_empty_list_is_a_list(filled: Cluster) -> None:
    got = filled.flux("get receivers -A -o json")
    assert (got.code, got.err) == (0, "")
    assert json.loads(got.out)["items"] == []
    assert filled.flux("get receivers nope -o json").code == 1


def test_wide(filled: Cluster) -> None:
    header, row = filled.flux("get ks flux-system -o wide").out.splitlines()
    assert header.split() == ["NAME", "SOURCE", "REVISION", "SUSPENDED", "READY", "MESSAGE", "CHANGED", "AGE"]
    assert row.split("\t")[1] == "GitRepository/flux-system/flux-system"


def test_csv_and_markdown(filled: Cluster) -> None:
    assert filled.flux("get ks -A -o csv").out == (
        "namespace,name,revision,suspended,ready,message\n"
        "apps,new,,False,False,waiting to be reconciled\n"
        "flux-system,flux-system,main@sha1:77e95a8a,False,True,Applied revision: main@sha1:77e95a8a\n"
        'flux-system,infra,,True,False,"health check failed\nafter 2m0s"\n'
    )
    assert filled.flux("get alerts -A -o markdown").out == (
        "| Namespace   | Name    | Suspended   | Ready   | Message        |\n"
        "|:------------|:--------|:------------|:--------|:---------------|\n"
        "| apps        | on-call | True        | True    | Alert is Ready |\n"
    )
    joint = filled.flux("get all -n apps -o csv").out.splitlines()
    assert joint[0] == "namespace,kind,name,revision,suspended,ready,message"
    assert joint[-1] == "apps,Alert,on-call,,True,True,Alert is Ready"


def test_statusless_kinds_are_ready_and_an_oci_repository_is_not_by_its_conditions(filled: Cluster) -> None:
    assert (
        filled.flux("get alerts -A --status-selector ready=true --no-header").out
        == "apps\ton-call\tTrue\tTrue\tAlert is Ready\t\n"
    )
    assert (
        filled.flux("get sources helm -A --status-selector ready=true").out
        == "NAMESPACE\tNAME\tREVISION\tSUSPENDED\tREADY\tMESSAGE \n"
    )


def test_reading_files(filled: Cluster, tmp_path: object) -> None:
    import pathlib

    from front_door import Flux

    from flux_cli.main import connect

    file = pathlib.Path(str(tmp_path)) / "saved.yaml"
    file.write_text(filled.flux("get all -A -o yaml").out)
    offline = Flux(str(tmp_path), connect)
    assert offline("get ks --from", str(file)).out == filled.flux("get ks").out


def test_the_locale_lays_out_the_table(cluster: Cluster) -> None:
    cluster.keep(in_state("Kustomization", "a", "True", "prêt…"), in_state("Kustomization", "b", "True", "ready..."))
    assert cluster.flux("get ks --no-header").out == "a\t\tFalse\tTrue\tprêt…   \t\nb\t\tFalse\tTrue\tready...\t\n"
    assert cluster.flux("get ks --no-header", LANG="ja_JP.UTF-8").out == (
        "a\t\tFalse\tTrue\tprêt… \t\nb\t\tFalse\tTrue\tready...\t\n"
    )


def test_many_kinds_are_sorted_by_what_some_of_them_have(cluster: Cluster) -> None:
    """A kind without the column stays in the server's order; a column that none has is refused before anything is read."""
    cluster.keep(
        in_state("ImagePolicy", "a", "True", "x", also={"latestRef": {"name": "i", "tag": "2"}}),
        in_state("ImagePolicy", "b", "True", "x", also={"latestRef": {"name": "i", "tag": "1"}}),
        in_state("ImageRepository", "a", "True", "x"),
        in_state("ImageRepository", "b", "True", "x"),
    )
    got = cluster.flux("get images all --sort-by tag -o name")
    assert [line.rpartition("/")[2] for line in got.out.splitlines()] == ["a", "b", "b", "a"]
    before = len(cluster.wire.sent)
    got = cluster.flux("get images all --sort-by revision")
    assert (got.code, got.out, got.err.partition("\n")[0]) == (1, "", "✗ --sort-by: there is no column revision")
    assert len(cluster.wire.sent) == before
