"""The quick reader of plain kubeconfigs: what it accepts is what YAML parsers read; what it does not know it leaves to them."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core import goyaml_load
from flux_cli.kube import plain

KUBECONFIG = """\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTi+/BRA==
    server: https://10.0.0.1:6443
  name: kind-lab
contexts:
- context:
    cluster: kind-lab
    user: kind-lab
    namespace: ""
  name: kind-lab
current-context: kind-lab
kind: Config
preferences: {}
users:
# a comment
- name: kind-lab
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args:
      - eks
      - get-token
      - --cluster-name
      - 'lab'
      command: aws
      env:
        - name: AWS_PROFILE
          value: prod
      installHint: null
      interactiveMode: IfAvailable
      provideClusterInfo: false
"""


def test_what_tools_write_is_read() -> None:
    assert plain.read(KUBECONFIG) == yaml.safe_load(KUBECONFIG)
    assert plain.read("---\n" + KUBECONFIG.replace("\n", "\r\n")) == yaml.safe_load(KUBECONFIG)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x b", "a: *x", "<<: {a: 1}", "a: |\n  b", "a: >-\n  b", "a: {b: c}", "a: [1]", "a: yes", "a: Off", "a: y", "y: 1",
        "a: 1.5", "a: 0x1f",
        "a: 010", "a: 1_000", "a: 12:30", "a: 2001-12-14", "a: 1e3", "a: .inf", "a: b # c", "a: b: c", "a: b:", "a:b",
        "a: \tb", "a: !!str 1",
        'a: "x\\n"', "a: 'it''s'", "a: b\n  c", "a: b\n c: d", "- a", "a: b\n---\nc: d", "a: b\n...", "%YAML 1.1\n---\na: b",
        "? a\n: b", "a: é",
        "a: 1\na: 2", "a:\n  - b\n - c", "a: @b", "a: `b`", "a: %b", "a: ~x", " a: b", "a: -", "a: - b", "a:\n- - b", "a:\n-\n  b: c",
        "a: -1", "",
        "a: +1", "a: b \x00", "a: null\x85", "a: 1234567890123456789", "\ufeffa: b", "a: <<", "a: =", "null: 1", "a: b\n\tc: d",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_parser(text: str) -> None:
    assert plain.read(text) is None


def agrees(text: str) -> None:
    """Whatever the quick reader accepts, PyYAML and Go's rules read the same."""
    read = plain.read(text)
    if read is not None:
        assert read == yaml.safe_load(text)
        assert read == goyaml_load.load(text)


WORDS = st.sampled_from(
    ["a", "name", "yes", "No", "null", "~", "true", "False", "1", "0", "010", "1.5", "1e3", "0x1F", "12:30:45", "2001-12-14", "LS0t==",
     "https://x:1",
     "a b", "a: b", "a #b", "- a", "--arg", "-a", "-", "{}", "[]", "''", '""', "'x y'", '"x"', "&a", "*a", "|", ">", "!!str", "%",
     "@", "0b1", "1_0",
     "4a5b6c7g", "2a:3", "x:", ":x", "#", "3g==", ".nan", "1.e5", "0o17", "=", "<<", "y", "n", "9h/+", "1t0z", "é",
     "\t", "a\tb", "null ", "12e03z"]
)  # fmt: skip


@st.composite
def lines(draw: Any) -> str:
    out = []
    for _ in range(draw(st.integers(1, 9))):
        indent = " " * draw(st.integers(0, 6))
        dash = draw(st.sampled_from(["", "", "- ", "-   ", "-"]))
        key = draw(st.sampled_from(["", "a: ", "b: ", "c:", "name: ", "d:  ", "e :", "'f': "]))
        out.append(indent + dash + key + draw(st.just("") | WORDS) + draw(st.sampled_from(["", "", " ", " # x"])))
    return draw(st.sampled_from(["\n", "\r\n"])).join(out)


@given(lines())
def test_it_agrees_with_the_parsers_on_odd_lines(text: str) -> None:
    try:
        agrees(text)
    except yaml.YAMLError as err:
        raise AssertionError(f"accepted what is no YAML: {text!r}") from err


@given(st.text(alphabet="ab:-# \n'\"{}[]01.,&*!|>%@`~yesnotrue/=", max_size=60))
def test_it_agrees_with_the_parsers_on_noise(text: str) -> None:
    try:
        agrees(text)
    except yaml.YAMLError as err:
        raise AssertionError(f"accepted what is no YAML: {text!r}") from err


TREES = st.recursive(
    st.text(alphabet="abcdefgXYZ019-_./:@", max_size=12) | st.booleans() | st.integers(0, 10**9) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="abc-XZ", min_size=1, max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["clusters", "users", "kind"]), TREES, max_size=3), st.booleans())
def test_it_agrees_with_the_parsers_on_what_libraries_write(document: dict[str, Any], sort: bool) -> None:
    agrees(yaml.safe_dump(document, sort_keys=sort))
