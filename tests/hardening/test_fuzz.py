"""The fuzzer's own tests, and a bounded run of it over each reader with a fixed seed."""

import random

import pytest
from hardening.fuzz import Target, fuzz
from hardening.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_readers_survive_a_bounded_run(name: str) -> None:
    count, _, findings = fuzz(TARGETS[name], random.Random(7), lambda done: done < 1500)
    assert (count, findings) == (1500, [])


def test_it_finds_a_defect_that_is_there() -> None:
    def brittle(data: bytes) -> None:
        if b"\x00" in data:
            raise IndexError("not expected")

    _, _, findings = fuzz(Target(brittle, ("test_fuzz.py",), [b"abc"]), random.Random(7), lambda done: done < 300)
    assert findings
    assert all(isinstance(err, IndexError) for _, err in findings)


def test_inputs_that_reach_new_lines_are_kept() -> None:
    _, kept, _ = fuzz(TARGETS["kubeconfig"], random.Random(7), lambda done: done < 1500)
    assert kept > 3
