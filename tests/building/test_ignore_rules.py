"""Ignore rules against what go-git 5.16, which Flux's controllers read them with, says to made-up ones."""

import json
import pathlib

import pytest

from flux_cli.core.gitignore import ignored, parse

RECORDED = [json.loads(line) for line in pathlib.Path(__file__).with_name("ignore_rules.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("at", range(len(RECORDED)))
def test_rules_are_read_as_flux_reads_them(at: int) -> None:
    case = RECORDED[at]
    assert ignored(parse(case["rules"]), case["path"].split("/"), case["folder"]) is case["ignored"]
