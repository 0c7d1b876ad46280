"""The embedded cluster answers as a real API server does: what the real one said is in ``recorded.json``.

Record anew, where a real one is at hand, with FLUX_RECORD=1 and ``-m real``.
"""

import json
import os
import pathlib

import pytest

from . import asking, changing, defaults, scripts
from .sides import Side, run

SCRIPTS = scripts.SCRIPTS | defaults.SCRIPTS | changing.SCRIPTS | asking.SCRIPTS
RECORDED = pathlib.Path(__file__).with_name("recorded.json")


def recorded(name: str) -> list[object]:
    found: list[object] = json.loads(RECORDED.read_text())[name]
    return found


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_embedded_cluster_answers_what_a_real_one_answered(embedded: Side, name: str) -> None:
    for step, ours, real in zip(SCRIPTS[name], run(embedded, name, SCRIPTS[name]), recorded(name), strict=True):
        assert (step.method, step.path, ours) == (step.method, step.path, real)


@pytest.mark.real
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_real_api_server_still_answers_so(real: Side, name: str) -> None:
    answers = run(real, name, SCRIPTS[name])
    if os.environ.get("FLUX_RECORD"):
        known = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
        RECORDED.write_text(json.dumps(dict(sorted((known | {name: answers}).items())), indent=1) + "\n")
    for step, now, then in zip(SCRIPTS[name], answers, recorded(name), strict=True):
        assert (step.method, step.path, now) == (step.method, step.path, then)
