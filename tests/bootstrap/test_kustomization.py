"""The user's kustomization.yaml, extended: every form in which people write it."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.services.bootstrapping.files import _extended

BOTH = ["gotk-components.yaml", "gotk-sync.yaml"]
FORMS = {
    "block": ("resources:\n- a.yaml\n", ["a.yaml"]),
    "indented, with comments": (
        "# top\nresources: # ours\n  # first\n\n  - a.yaml # why\n  - b.yml\npatches: []\n",
        ["a.yaml", "b.yml"],
    ),
    "flow": ("resources: [a.yaml, ./b.yaml]\nnamePrefix: x\n", ["a.yaml", "./b.yaml"]),
    "empty": ("kind: Kustomization\nresources: []\nnamePrefix: x\n", []),
    "null": ("resources:\nnamePrefix: x\n", []),
    "absent": ("kind: Kustomization\n", []),
    "one of ours": ("resources:\n- gotk-sync.yaml\n", ["gotk-sync.yaml"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_our_files_are_added_and_the_rest_kept(form: str) -> None:
    content, there = FORMS[form]
    made = _extended(content, "kustomization.yaml")
    before, after = yaml.safe_load(content), yaml.safe_load(made)
    assert sorted(after["resources"]) == sorted({*there, *BOTH})
    assert {**after, "resources": 0} == {**before, "resources": 0}
    assert _extended(made, "kustomization.yaml") == made
    assert [c for c in content.splitlines() if "#" in c] == [c for c in made.splitlines() if "#" in c]


@pytest.mark.parametrize(
    "content",
    [
        "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n",
        "resources:\n- ./gotk-components.yaml\n- gotk-sync.yaml\n",
        "resources:\n- ../../base\n",
        "resources:\n- a.yaml\n- https://example.com/x.yaml\n",
    ],
)
def test_left_as_it_is(content: str) -> None:
    """Ours are there, or what is listed may hold them."""
    assert _extended(content, "kustomization.yaml") == content


_NAMES = st.lists(st.from_regex(r"[a-z]{1,8}\.ya?ml", fullmatch=True), unique=True, max_size=4)
_OTHER = st.dictionaries(st.sampled_from(["namePrefix", "nameSuffix", "namespace"]), st.from_regex(r"[a-z]{1,8}", fullmatch=True))


@given(_NAMES, _OTHER, st.sampled_from([None, True]), st.booleans())
def test_any_kustomization(names: list[str], other: dict[str, str], flow: bool | None, first: bool) -> None:
    document = {"resources": names, **other} if first else {**other, "resources": names}
    content = yaml.safe_dump(document, sort_keys=False, default_flow_style=None if flow else False)
    made = yaml.safe_load(_extended(content, "kustomization.yaml"))
    assert sorted(made.pop("resources")) == sorted([*names, *BOTH])
    assert made == other
