"""Which cluster and as whom: files merged, flags laid over them, and client-go's words for what cannot work."""

import json
import pathlib
from itertools import pairwise
from typing import Any

import pytest
import yaml
from kube.loopback import CA, KS, answer, ca_data, kubeconfig, listing

from flux_cli.core.app import Settings
from flux_cli.core.errors import FluxError
from flux_cli.kube import config
from flux_cli.kube.session import connect, context_namespace, server_address

HOME = {"HOME": "/nonexistent"}


def write(path: pathlib.Path, name: str = "lab", server: str = "https://10.0.0.1:6443", current: str = "lab", **user: Any) -> str:
    """A file whose cluster, user and context have one name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "clusters": [{"name": name, "cluster": {"server": server}}],
        "users": [{"name": name, "user": user or {"token": name}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": current,
    }
    path.write_text(yaml.safe_dump(document))
    return str(path)


def chosen(environ: dict[str, str], **settings: Any) -> tuple[str, str]:
    """(server, token) that were chosen."""
    way = config.access(Settings(**settings), HOME | environ)
    return str(server_address(way)), way.user.text("token")


def told(environ: dict[str, str] | None = None, **settings: Any) -> str:
    with pytest.raises(FluxError) as caught:
        connect(Settings(**settings), HOME | (environ or {}))
    return str(caught.value)


def test_the_first_file_wins(tmp_path: pathlib.Path) -> None:
    a, b = write(tmp_path / "a"), write(tmp_path / "b", "two", "https://two", "two")
    c = write(tmp_path / "c", "lab", "https://other", current="", token="other")
    assert chosen({"KUBECONFIG": f"{a}:{b}"}) == ("https://10.0.0.1:6443", "lab")
    assert chosen({"KUBECONFIG": f"{b}:{a}"}) == ("https://two", "two")
    assert chosen({"KUBECONFIG": f"{c}:{a}"}) == ("https://other", "other")
    assert chosen({"KUBECONFIG": f"{a}:{b}"}, context="two") == ("https://two", "two")


def test_missing_and_empty_files_are_passed_over(tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "comment").write_text("# nothing\n")
    a = write(tmp_path / "a")
    assert chosen({"KUBECONFIG": f":{tmp_path}/nope:{tmp_path}/empty:{tmp_path}/comment:{a}:"}) == (
        "https://10.0.0.1:6443",
        "lab",
    )


def test_the_file_at_home(tmp_path: pathlib.Path) -> None:
    write(tmp_path / ".kube" / "config")
    assert chosen({"HOME": str(tmp_path)}) == ("https://10.0.0.1:6443", "lab")
    assert chosen({"HOME": str(tmp_path), "KUBECONFIG": ""}) == ("https://10.0.0.1:6443", "lab")


def test_a_file_by_flag_stands_alone(tmp_path: pathlib.Path) -> None:
    a, b = write(tmp_path / "a"), write(tmp_path / "b", "two", "https://two", "two")
    assert chosen({"KUBECONFIG": a}, kubeconfig=b) == ("https://two", "two")
    assert told({"KUBECONFIG": a}, kubeconfig=f"{tmp_path}/nope") == f"stat {tmp_path}/nope: no such file or directory"
    assert told({"KUBECONFIG": a}, kubeconfig=b, context="lab") == 'context "lab" does not exist'


def test_flags_go_over_the_file(tmp_path: pathlib.Path) -> None:
    a = {"KUBECONFIG": write(tmp_path / "a")}
    assert chosen(a, server="https://flag:1/", token="mine") == ("https://flag:1", "mine")
    assert told(a, user="nope") == 'auth info "nope" does not exist'
    assert told(a, cluster="nope") == 'cluster "nope" does not exist'
    lost = {"KUBECONFIG": write(tmp_path / "b", current="gone", token="t", username="u")}
    assert told(lost, user="lab") == (
        "invalid configuration: [context was not found for specified context: gone, "
        "more than one authentication method found for lab; found [token basicAuth], only one is allowed]"
    )
    assert told(a, context="nope", user="none") == 'auth info "none" does not exist'


def test_what_flags_replace(tmp_path: pathlib.Path) -> None:
    """--server forgets the file's tls-server-name, --insecure… its authority; a tokenFile stays and goes before --token."""
    path = pathlib.Path(kubeconfig(tmp_path, "https://x", user={"tokenFile": "/nope", "as": "bob"}, **{"tls-server-name": "old"}))
    way = config.access(
        Settings(kubeconfig=str(path), server="https://y", token="t", as_user="eve", insecure_skip_tls_verify=True), HOME
    )
    assert way.cluster.data == {"server": "https://y", "insecure-skip-tls-verify": True}
    assert way.user.data == {"token": "t", "tokenFile": "/nope", "as": "eve"}
    (tmp_path / "ca").write_bytes(CA.cert_pem.bytes())
    way = config.access(Settings(kubeconfig=str(path), certificate_authority=str(tmp_path / "ca")), HOME)
    assert way.cluster.data == {"server": "https://x", "tls-server-name": "old", "certificate-authority": str(tmp_path / "ca")}


def test_without_anything(tmp_path: pathlib.Path) -> None:
    """client-go's defaults: KUBERNETES_MASTER, else the port of old."""
    assert chosen({}) == ("http://localhost:8080", "")
    assert chosen({"KUBERNETES_MASTER": "http://master:1"}) == ("http://master:1", "")
    assert chosen({}, server="https://x:1") == ("https://x:1", "")
    assert chosen({"KUBECONFIG": write(tmp_path / "a", current="")}) == ("http://localhost:8080", "")


def test_a_pod_uses_its_account(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "ACCOUNT", str(tmp_path))
    (tmp_path / "token").write_text("pod-token\n")
    (tmp_path / "ca.crt").write_bytes(CA.cert_pem.bytes())
    pod = {"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
    way = config.access(Settings(), HOME | pod)
    assert str(server_address(way)) == "https://[fd00::1]"
    assert dict(way.user.data) == {"tokenFile": f"{tmp_path}/token"}
    assert way.cluster.path("certificate-authority") == f"{tmp_path}/ca.crt"
    a = write(tmp_path / "a")
    assert chosen(pod | {"KUBECONFIG": a}) == ("https://10.0.0.1:6443", "lab")
    assert chosen(pod, server="https://flag") == ("https://flag", "")


def test_paths_are_relative_to_their_file(tmp_path: pathlib.Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "ca").write_bytes(CA.cert_pem.bytes())
    (tmp_path / "sub" / "tok").write_text("from-file")
    path = kubeconfig(
        tmp_path / "sub", "https://x", {"tokenFile": "tok"}, **{"certificate-authority-data": None, "certificate-authority": "ca"}
    )
    connect(Settings(kubeconfig=path), HOME)


PLUGIN = {"apiVersion": "client.authentication.k8s.io/v1", "command": "x"}
WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "basic and token": (
        {"token": "t", "username": "a", "password": "b"}, {},
        "more than one authentication method found for admin; found [token basicAuth], only one is allowed",
    ),
    "certificate without key": (
        {"client-certificate-data": ca_data()}, {},
        "client-key-data or client-key must be specified for admin to use the clientCert authentication method.",
    ),
    "certificate twice": (
        {"client-certificate-data": "eA==", "client-certificate": "/dev/null", "client-key-data": "eA=="}, {},
        "client-cert-data and client-cert are both specified for admin. client-cert-data will override.",
    ),
    "certificate missing": (
        {"client-certificate": "/nope/c", "client-key": "/nope/k"}, {},
        "[unable to read client-cert /nope/c for admin due to open /nope/c: no such file or directory, "
        "unable to read client-key /nope/k for admin due to open /nope/k: no such file or directory]",
    ),
    "authority missing": (
        {}, {"certificate-authority-data": None, "certificate-authority": "/nope/ca"},
        "unable to read certificate-authority /nope/ca for lab due to open /nope/ca: no such file or directory",
    ),
    "groups without a user": (
        {"as-groups": ["x"]}, {}, "requesting uid, groups or user-extra for admin without impersonating a user",
    ),
    "proxy of an odd kind": (
        {}, {"proxy-url": "ftp://x"},
        'invalid \'proxy-url\' "ftp://x" for cluster "lab": unsupported scheme "ftp", must be http, https, or socks5',
    ),
    "proxy without a scheme": (
        {}, {"proxy-url": "127.0.0.1:3128"},
        'invalid \'proxy-url\' "127.0.0.1:3128" for cluster "lab": could not parse: 127.0.0.1:3128',
    ),
    "proxy that looks like a scheme": (
        {}, {"proxy-url": "localhost:3128"},
        'invalid \'proxy-url\' "localhost:3128" for cluster "lab": unsupported scheme "localhost", must be http, https, or socks5',
    ),
    "proxy that is a word": (
        {}, {"proxy-url": "proxy"}, 'invalid \'proxy-url\' "proxy" for cluster "lab": unsupported scheme "", must be http, https, or socks5',
    ),
    "proxy with half an address": (
        {}, {"proxy-url": "http://[::1"},
        'invalid \'proxy-url\' "http://[::1" for cluster "lab": could not parse: http://[::1',
    ),
    "plugin without mode": (
        {"exec": PLUGIN}, {},
        "interactiveMode must be specified for admin to use exec authentication plugin",
    ),
    "plugin with nothing": (
        {"exec": {"env": [{"value": "x"}]}}, {},
        "[command must be specified for admin to use exec authentication plugin, "
        "apiVersion must be specified for admin to use exec authentication plugin, "
        "env variable name must be specified for admin to use exec authentication plugin, "
        "interactiveMode must be specified for admin to use exec authentication plugin]",
    ),
    "plugin and provider": (
        {"auth-provider": {}, "exec": PLUGIN | {"interactiveMode": "Now"}}, {},
        "[authProvider cannot be provided in combination with an exec plugin for admin, "
        'invalid interactiveMode for admin: "Now"]',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("user", "cluster", "message"), WRONG.values(), ids=WRONG)
def test_invalid_configurations(tmp_path: pathlib.Path, user: Any, cluster: Any, message: str) -> None:
    assert told(kubeconfig=kubeconfig(tmp_path, "https://x", user, **cluster)) == f"invalid configuration: {message}"


UNUSABLE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "not a URL": ({}, {"server": "::::"}, 'parse "http://::::": invalid port "::::" after host'),
    "port too high": ({}, {"server": "https://x:70000"}, 'parse "https://x:70000": invalid port ":70000" after host'),
    "no host": ({}, {"server": "https://"}, 'host must be a URL or a host:port pair: "https://"'),
    "a path alone": ({}, {"server": "/x"}, 'host must be a URL or a host:port pair: "/x"'),
    "a path without a scheme": ({}, {"server": "a/b"}, 'host must be a URL or a host:port pair: "a/b"'),
    "a blank in the name": ({}, {"server": "a b"}, 'parse "http://a b": invalid character " " in host name'),
    "a blank before": ({}, {"server": " https://x"}, 'parse "http:// https://x": invalid character " " in host name'),
    "half an escape": ({}, {"server": "h%zz"}, 'parse "http://h%zz": invalid URL escape "%zz"'),
    "no URL, with a scheme": ({}, {"server": "https://a b"}, 'host must be a URL or a host:port pair: "https://a b"'),
    "half a bracket": ({}, {"server": "http://[::1"}, 'host must be a URL or a host:port pair: "http://[::1"'),
    "authority in a folder": ({}, {"certificate-authority": "/", "certificate-authority-data": None}, "read /: is a directory"),
    "other scheme": ({}, {"server": "ftp://x"}, 'unsupported protocol scheme "ftp"'),
    "authority and no check": (
        {}, {"insecure-skip-tls-verify": True}, "specifying a root certificates file with the insecure flag is not allowed",
    ),
    "token file and password": (
        {"tokenFile": "/dev/null", "username": "a"}, {}, "username/password or bearer token may be set, but not both",
    ),
    "empty token file": ({"tokenFile": "/dev/null"}, {}, 'read empty token from file "/dev/null"'),
    "provider unknown": ({"auth-provider": {"name": "nope"}}, {}, 'no Auth Provider found for name "nope"'),
    "provider unknown beside a token": ({"token": "t", "auth-provider": {"name": ""}}, {}, 'no Auth Provider found for name ""'),
    "provider removed": (
        {"auth-provider": {"name": "azure"}}, {},
        "The azure auth plugin has been removed.\n"
        "Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.\n"
        "See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details",
    ),
    "oidc without issuer": ({"auth-provider": {"name": "oidc", "config": {}}}, {}, "Must provide idp-issuer-url"),
    "plugin of an old version": (
        {"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "x", "interactiveMode": "Never"}}, {},
        'exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("user", "cluster", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_configurations_that_no_client_can_use(tmp_path: pathlib.Path, user: Any, cluster: Any, message: str) -> None:
    path = kubeconfig(tmp_path, cluster.pop("server", "https://x"), user, **cluster)
    assert told(kubeconfig=path) == f"kubernetes client initialization failed: {message}"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"certificate-authority-data": "aGVsbG8="}, "unable to load root certificates: unable to parse bytes as PEM block"),
        (
            {"user": {"client-certificate-data": "aGk=", "client-key-data": "aGk="}},
            "tls: failed to find any PEM data in certificate input",
        ),
        ({"user": "mismatch"}, "tls: private key does not match public key"),
    ],
)
def test_certificates_that_are_none(tmp_path: pathlib.Path, serve: Any, entry: Any, message: str) -> None:
    user = entry.pop("user", {})
    if user == "mismatch":
        import base64

        one, two = CA.issue_cert("a"), CA.issue_cert("b")
        chain, key = one.cert_chain_pems[0].bytes(), two.private_key_pem.bytes()
        user = {"client-certificate-data": base64.b64encode(chain).decode(), "client-key-data": base64.b64encode(key).decode()}
    server = serve(lambda _: answer(listing()))
    with pytest.raises(FluxError) as caught:
        connect(Settings(kubeconfig=kubeconfig(tmp_path, server.server, user, **entry)), HOME).list(KS, "apps")
    assert str(caught.value) == f"kubernetes client initialization failed: {message}"


SHAPES = {
    "wrong kind": ("kind: ConfigMap", 'its kind is "ConfigMap", not "Config"'),
    "wrong version": ("apiVersion: v2", 'its apiVersion is "v2", not "v1"'),
    "a list": ("- a", "it holds a list, not a mapping"),
    "a text": ("hello", "it holds a text, not a mapping"),
    "tab": ("apiVersion: v1\n\tkind: Config\n", "yaml: line 2: found a tab character that violates indentation"),
    "twice": ("users: [{name: a}, {name: a}]", 'users names "a" twice'),
    "no list": ("clusters: {}", "clusters must be a list, not a mapping"),
    "no mapping": ("clusters: [x]", "clusters[0] must be a mapping, not a text"),
    "no cluster": ("clusters: [{name: a, cluster: x}]", "clusters[0].cluster must be a mapping, not a text"),
    "an empty list for a cluster": ("clusters: [{name: a, cluster: []}]", "clusters[0].cluster must be a mapping, not a list"),
    "a switch for a name": ("clusters: [{name: false}]", "clusters[0].name must be a text, not true or false"),
    "number": ("{users: [{name: a, user: {token: 12}}], contexts: [{name: a, context: {user: a}}], current-context: a}",
               'user "a": token must be a text, not a number'),
    "in an entry that nobody uses": ("users: [{name: a, user: {auth-provider: oidc}}]",
                                     'user "a": auth-provider must be a mapping, not a text'),
    "a list of numbers": ("users: [{name: a, user: {as-groups: [x, 1]}}]", 'user "a": as-groups[1] must be a text, not a number'),
    "extra fields": ("users: [{name: a, user: {as-user-extra: {k: v}}}]", 'user "a": as-user-extra.k must be a list, not a text'),
    "a variable": ("users: [{name: a, user: {exec: {env: [{name: A, value: 1}]}}}]",
                   'user "a": exec.env[0].value must be a text, not a number'),
    "no switch": ("clusters: [{name: a, cluster: {insecure-skip-tls-verify: 'true'}}]",
                  'cluster "a": insecure-skip-tls-verify must be true or false, not a text'),
    "no base64": ("clusters: [{name: a, cluster: {certificate-authority-data: 'x y'}}]",
                  'cluster "a": certificate-authority-data is not base64: illegal base64 data'),
    "no name": ("contexts: [{name: 1}]", "contexts[0].name must be a text, not a number"),
    "preferences": ("preferences: []", "preferences must be a mapping, not a list"),
    "deep": ("[" * 50_000, "yaml: document is nested too deeply"),
    "aliases": ("a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 8)}]\n" for a, b in pairwise("abcdefghi")),
                "yaml: document contains excessive aliasing"),
    "unterminated": ('a: "', "yaml: found unexpected end of stream"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), SHAPES.values(), ids=SHAPES)
def test_files_that_are_no_kubeconfig(tmp_path: pathlib.Path, text: str, message: str) -> None:
    (tmp_path / "a").write_text(text)
    assert told(kubeconfig=f"{tmp_path}/a") == f'error loading config file "{tmp_path}/a": {message}'


def test_nothing_may_stand_anywhere(tmp_path: pathlib.Path) -> None:
    """client-go takes null for what is not there."""
    user = {"token": "t", "as": "x", "as-groups": [None, "g"], "as-user-extra": None, "exec": None, "auth-provider": None}
    listed = {"clusters": [None, {"name": "c", "cluster": None}], "users": [{"name": "u", "user": user}], "preferences": None}
    contexts = [{"name": "x", "context": {"user": "u", "cluster": "c", "extensions": [None]}}, {"name": "y", "context": None}]
    (tmp_path / "a").write_text(json.dumps(listed | {"contexts": contexts, "current-context": "x", "kind": None}))
    way = config.access(Settings(kubeconfig=f"{tmp_path}/a"), HOME)
    assert (way.cluster.text("server"), way.user.text("token")) == ("http://localhost:8080", "t")
    assert way.user.texts("as-groups") == ("", "g")


def test_a_token_file_goes_before_the_flag(tmp_path: pathlib.Path, serve: Any) -> None:
    (tmp_path / "tok").write_text("from-file")
    server = serve(lambda _: answer({"kind": "Status", "code": 401, "message": "Unauthorized"}, 401))
    path = kubeconfig(tmp_path, server.server, {"tokenFile": "tok"})
    with pytest.raises(FluxError) as caught:
        connect(Settings(kubeconfig=path, token="flag"), HOME).list(KS, "apps")
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer from-file"}
    assert caught.value.hint == f'The tokenFile of the user "admin" in {path} goes before --token: choose another --user.'


def test_random_bytes_and_folders(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(256)) * 100)
    assert told(kubeconfig=f"{tmp_path}/a") == f'error loading config file "{tmp_path}/a": byte 128 is not UTF-8 text'
    assert told(kubeconfig=str(tmp_path)) == f'error loading config file "{tmp_path}": read {tmp_path}: is a directory'
    assert told(kubeconfig="\0") == "stat \0: invalid argument"


def test_several_bad_files_are_all_told(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a").write_text("- a")
    (tmp_path / "b").write_text("hello")
    one = f'error loading config file "{tmp_path}/a": it holds a list, not a mapping'
    two = f'error loading config file "{tmp_path}/b": it holds a text, not a mapping'
    assert told({"KUBECONFIG": f"{tmp_path}/a:{tmp_path}/b"}) == f"[{one}, {two}]"


def test_paths_of_flags_are_relative_to_the_working_folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    path = kubeconfig(tmp_path, "https://x")
    assert told(kubeconfig=path, certificate_authority="ca.pem", client_certificate="c.pem", client_key="k.pem") == (
        "invalid configuration: [unable to read client-cert c.pem for admin due to open c.pem: no such file or directory, "
        "unable to read client-key k.pem for admin due to open k.pem: no such file or directory, "
        "unable to read certificate-authority ca.pem for lab due to open ca.pem: no such file or directory]"
    )
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here" / "ca.pem").write_bytes(CA.cert_pem.bytes())
    connect(Settings(kubeconfig=path, certificate_authority="ca.pem"), HOME)


def test_ten_megabytes(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a").write_text(f"x: {'y' * 10_000_000}\n" + pathlib.Path(write(tmp_path / "b")).read_text())
    assert chosen({}, kubeconfig=f"{tmp_path}/a") == ("https://10.0.0.1:6443", "lab")
    (tmp_path / "a").write_bytes(b"x" * (33 << 20))
    assert told(kubeconfig=f"{tmp_path}/a") == f'error loading config file "{tmp_path}/a": it is larger than 32 MB'


def test_a_thousand_contexts(tmp_path: pathlib.Path) -> None:
    names = [f"c{i}" for i in range(1000)]
    document = {
        "clusters": [{"name": n, "cluster": {"server": f"https://{n}"}} for n in names],
        "users": [{"name": n, "user": {"token": n}} for n in names],
        "contexts": [{"name": n, "context": {"cluster": n, "user": n}} for n in names],
    }
    (tmp_path / "a").write_text(yaml.safe_dump(document))
    assert chosen({}, kubeconfig=f"{tmp_path}/a", context="c999") == ("https://c999", "c999")
    with pytest.raises(FluxError) as caught:
        connect(Settings(kubeconfig=f"{tmp_path}/a"), HOME | {"KUBERNETES_MASTER": "http://127.0.0.1:1"}).list(KS)
    assert caught.value.hint.endswith(
        f"{tmp_path}/a has no current-context: choose one with --context (contexts: c0, c1, c2, c3, c4, c5, c6, c7)."
    )
    assert told(kubeconfig=f"{tmp_path}/a", context="x") == 'context "x" does not exist'


@pytest.mark.parametrize("style", ["block", "json", "flow", "bom", "crlf", "anchors"])
def test_every_way_of_writing_one(tmp_path: pathlib.Path, style: str) -> None:
    path = pathlib.Path(write(tmp_path / "a"))
    document = yaml.safe_load(path.read_text())
    texts = {
        "block": path.read_text(),
        "json": json.dumps(document),
        "flow": yaml.safe_dump(document, default_flow_style=True),
        "bom": "\ufeff" + path.read_text(),
        "crlf": path.read_text().replace("\n", "\r\n"),
        "anchors": path.read_text().replace(
            "clusters:", "x: &x {server: 'https://10.0.0.1:6443'}\nclusters: [{name: lab, cluster: *x}]\ny:"
        ),
    }
    path.write_bytes(texts[style].encode())
    assert chosen({}, kubeconfig=str(path)) == ("https://10.0.0.1:6443", "lab")


def test_the_namespace_of_the_context(tmp_path: pathlib.Path) -> None:
    path = kubeconfig(tmp_path, "https://x")
    assert context_namespace(Settings(kubeconfig=path), HOME) == "apps"
    assert context_namespace(Settings(kubeconfig=path, context="nope"), HOME) == ""
    assert context_namespace(Settings(kubeconfig=f"{path}.nope"), HOME) == ""
    assert context_namespace(Settings(), HOME) == ""


GAPS: dict[str, tuple[str, str]] = {
    "no current context": (
        "contexts: [{name: a}, {name: b}]",
        "{file} has no current-context: choose one with --context (contexts: a, b).",
    ),
    "no cluster": (
        "{contexts: [{name: a, context: {cluster: c}}], current-context: a}",
        'The context "a" names the cluster "c", which {file} does not define.',
    ),
}


@pytest.mark.parametrize(("text", "hint"), GAPS.values(), ids=GAPS)
def test_gaps_are_told_when_nothing_answers(tmp_path: pathlib.Path, text: str, hint: str) -> None:
    """Where client-go goes on to its default server, so do we; but the error says what is missing."""
    (tmp_path / "a").write_text(text)
    kube = connect(Settings(kubeconfig=f"{tmp_path}/a"), HOME | {"KUBERNETES_MASTER": "http://127.0.0.1:1"})
    with pytest.raises(FluxError) as caught:
        kube.list(KS)
    assert caught.value.hint == hint.replace("{file}", f"{tmp_path}/a")


def test_an_unknown_user_is_told_when_the_server_refuses(tmp_path: pathlib.Path, serve: Any) -> None:
    server = serve(lambda _: answer({"kind": "Status", "code": 401, "message": "Unauthorized"}, 401))
    path = pathlib.Path(kubeconfig(tmp_path, server.server))
    path.write_text(path.read_text().replace('"user": "admin"', '"user": "nope"'))
    with pytest.raises(FluxError) as caught:
        connect(Settings(kubeconfig=str(path)), HOME).list(KS)
    assert caught.value.hint == f'The context "lab" names the user "nope", which {path} does not define (users: admin).'
