"""Post-build substitution: grammar, functions and messages; and ``flux envsubst`` at the front door."""

import os
import subprocess
import sys

import pytest
from front_door import Flux
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.services.substitution import SubstitutionError, substitute

SET = {"v": "hello/world", "empty": "", "file": "/a/b/c.tar.gz", "u": "éa", "n": "3"}

GOOD = [
    ("$v $ $$ $${v} plain", "$v $ $ ${v} plain"),
    ("${v}${empty}${nope}|", "hello/world|"),
    ("${#v} ${#u} ${#nope}", "11 3 0"),
    ("${v^} ${v^^} ${u^}", "Hello/world HELLO/WORLD Éa"),
    ("${v,} ${v,,}", "hello/world hello/world"),
    ("${v:6} ${v:2:3} ${v:20} ${v:6:99}", "world llo  world"),
    ("${v: -2} ${v:x} ${v:1:x}", "hello/world hello/world hello/world"),
    ("${nope:-d} ${nope:=d} ${nope=d} ${nope:?d} ${nope:+d} ${v:+d}", "d d d d d hello/world"),
    ("${nope:-a ${v} b}", "a hello/world b"),
    ("${file##*/} ${file#*/} ${file%.*} ${file%%.*}", "c.tar.gz a/b/c.tar.gz /a/b/c.tar /a/b/c"),
    ("${v#h?l} ${v#[g-i]} ${v#[^h]} ${v#h[} ${v%xyz}", "lo/world ello/world hello/world hello/world hello/world"),
    ("${v/l/L} ${v//l/L} ${v/#he/X} ${v/%ld/Y}", "heLlo/world heLLo/worLd Xllo/world hello/worY"),
    ("${v/l/} ${v/#he/} ${v/\\//-}", "helo/world hello/world hello-world"),
    ("${v:${n}}", "lo/world"),
    ("${file#?} ${file##?/} ${v/l//X} ${v/l////}", "a/b/c.tar.gz /a/b/c.tar.gz heXlo/world helo/world"),
    ("${v#*l} ${v##*l} ${v#h*[} ${v,^}", "lo/world d hello/world hello/world"),
]
BAD = [
    ("${}", "unable to parse variable name"),
    ("${-x}", "unable to parse variable name"),
    ("${v", "missing closing brace"),
    ("${v-d}", "missing closing brace"),
    ("${v d}", "missing closing brace"),
    ("${nope:=abc", "unable to parse substitution within function"),
    ("${v:}", "unable to parse substitution within function"),
    ("${v:", "bad substitution"),
    ("${v:é}", "bad substitution"),
    ("${v/a}", "bad substitution"),
    ("${v/a//", "unable to parse substitution within function"),
    ("${#}", "bad substitution"),
    ("${v:3:-2}", "bad substitution: a length of -2 ends before position 3"),
]


@pytest.mark.parametrize(("text", "result"), GOOD)
def test_functions(text: str, result: str) -> None:
    assert substitute(text, SET.get) == result


@pytest.mark.parametrize(("text", "message"), BAD)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(SubstitutionError) as caught:
        substitute(text, SET.get)
    assert str(caught.value) == message


def test_strict_wants_every_variable_without_a_default() -> None:
    assert substitute("${empty}${nope:-d}", SET.get, strict=True) == "d"
    for text in ("${nope}", "${#nope}", "${nope^}", "${v:-${nope}}"):
        with pytest.raises(SubstitutionError) as caught:
            substitute(text, SET.get, strict=True)
        assert str(caught.value) == 'variable not set (strict mode): "nope"'


@given(st.text(alphabet="${}:-=#%/^,va*[\\ \n"))
def test_any_text_is_substituted_or_refused(text: str) -> None:
    try:
        substitute(text, SET.get)
    except SubstitutionError:
        return


def test_envsubst_reads_the_environment(flux: Flux) -> None:
    assert flux("envsubst", stdin="a: ${A}\nb: ${B:-x}\r\nc: $A", A="1") == (0, "a: 1\nb: x\nc: $A\n", "")
    assert flux("envsubst --strict", stdin="a: ${A}\nb: ${B}\nc: d\n", A="1") == (
        1,
        "a: 1\n",
        '✗ variable not set (strict mode): "B"\n',
    )
    program = [sys.executable, "-m", "flux_cli", "envsubst"]
    done = subprocess.run(
        program, input=b"\xff ${#A}${A:1}\rb\r\n", env=dict(os.environ) | {"A": "\xe9z"}, capture_output=True, check=True
    )
    assert done.stdout == b"\xff 3\xa9z\rb\n"
    assert flux("envsubst x") == (1, "", '✗ unknown command "x" for "flux envsubst"\n')
