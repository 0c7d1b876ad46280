"""Values of flags, by pflag's rules."""

import pytest

from flux_cli.commands._dialect.values import PARSERS, merged

GOOD = [
    ("int", "0x10", 16), ("int", "-0b11", -3), ("int", "0o17", 15), ("int", "017", 15), ("int", "1_000", 1000), ("int", "+5", 5),
    ("float32", "1.5", 1.5), ("float32", ".5", 0.5), ("float32", "1e3", 1000.0), ("float32", "-2", -2.0),
    ("float32", "1_000", 1000.0), ("float32", "0x1.8p1", 3.0), ("float32", "-Inf", float("-inf")),
    ("duration", "1h30m", 5400.0), ("duration", "0", 0.0), ("duration", "-1.5s", -1.5), ("duration", "-9223372036854775808ns", -(2**63) / 1e9),
    ("strings", "", []), ("strings", "a", ["a"]),
    ("strings", "a,b", ["a", "b"]), ("strings", "a,,b", ["a", "", "b"]),
    ("strings", '"a,b",c', ["a,b", "c"]), ("strings", '"say ""hi""",x', ['say "hi"', "x"]),
    ("strings", " a , b", [" a ", " b"]), ("strings", "\n\na,b\nc", ["a", "b"]), ("strings", "a\rb,c\r", ["a\rb", "c"]),
    ("strings", '"a\r\nb",c\r\n', ["a\nb", "c"]),
    ("stringArray", "a,b", ["a,b"]),
    ("stringToString", "a=1", {"a": "1"}), ("stringToString", "a=1,b=2", {"a": "1", "b": "2"}),
    ("stringToString", "a=", {"a": ""}),
    ("stringToString", 'a="x"', {"a": '"x'}), ("stringToString", '"a=1,2",b=3', {"a": "1,2", "b": "3"}),
    ("rsaKeyBits", " ", 2048), ("rsaKeyBits", "4096", 4096), ("internal|private|public", "", "private"),
    ("kustomizationSource", "podinfo", "GitRepository/podinfo"),
    ("kustomizationSource", "ocirepository/x.ns", "OCIRepository/x.ns"),
    ("chartSource", "helmrepository/x.ns", "HelmRepository/x.ns"),
]  # fmt: skip
BAD = [
    ("int", "", 'strconv.ParseInt: parsing "": invalid syntax'),
    ("int", "1__0", 'strconv.ParseInt: parsing "1__0": invalid syntax'),
    ("float32", "1.5f", 'strconv.ParseFloat: parsing "1.5f": invalid syntax'),
    ("strings", '"a', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'),
    ("strings", 'a"b', 'parse error on line 1, column 2: bare " in non-quoted-field'),
    ("strings", '\n"é"x', 'parse error on line 2, column 4: extraneous or missing " in quoted-field'),
    ("strings", '"a"\r,b', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'),
    ("strings", 'a,"b\n', 'parse error on line 1, column 6: extraneous or missing " in quoted-field'),
    ("strings", '"a\n"x', 'record on line 1; parse error on line 2, column 1: extraneous or missing " in quoted-field'),
    ("strings", "\r", "EOF"),
    ("duration", "99999999999999999999", 'time: invalid duration "99999999999999999999"'),
    ("duration", "9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
    ("duration", "٣s", r'time: invalid duration "\xd9\xa3s"'),
    ("duration", "1\n", r'time: unknown unit "\x0a" in duration "1\x0a"'),
    ("float32", "+nan", 'strconv.ParseFloat: parsing "+nan": invalid syntax'),
    ("float32", "1_", 'strconv.ParseFloat: parsing "1_": invalid syntax'),
    ("stringToString", "a", "a must be formatted as key=value"),
    ("rsaKeyBits", "x", 'strconv.Atoi: parsing "x": invalid syntax'),
    ("rsaKeyBits", "512", "RSA key bit size must be at least 1024"),
    ("rsaKeyBits", "1025", "RSA key bit size must be a multiples of 8"),
    ("p256|p384|p521", "p1", "unsupported curve 'p1', must be one of: p256, p384, p521"),
    ("decryptionProvider", "", "no decryption provider given, must be one of: sops"),
    ("internal|private|public", "open", "unsupported visibility 'open'"),
    ("bucketProvider", "x", "source bucket provider 'x' is not supported, must be one of: generic, aws, azure, gcp"),
    ("generic|github|aws|azure", "x", "source Git provider 'x' is not supported, must be one of: generic|github|aws|azure"),
    ("kustomizationSource", "GitRepository/", "no name given for source of kind 'GitRepository'"),
    ("kustomizationSource", "GitRepository", "no kind specified for source 'GitRepository'"),
    ("kustomizationSource", "Pod/x", "source kind 'Pod' is not supported, must be one of: OCIRepository, GitRepository, Bucket"),
    ("chartSource", "x", "invalid helm chart source 'x', must be in format <kind>/<name>"),
]


@pytest.mark.parametrize(("type_", "text", "value"), GOOD)
def test_accepted(type_: str, text: str, value: object) -> None:
    assert PARSERS[type_](text) == value


@pytest.mark.parametrize(("type_", "text", "message"), BAD)
def test_refused(type_: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        PARSERS[type_](text)
    assert str(caught.value) == message


def test_repeated_flags_add_up() -> None:
    assert merged("strings", ["a"], "b,c") == ["a", "b", "c"]
    assert merged("stringArray", ["a"], "b,c") == ["a", "b,c"]
    assert merged("stringToString", {"a": "1"}, "a=2,b=3") == {"a": "2", "b": "3"}
    assert merged("string", "a", "b") == "b"


def test_a_relative_path_stays_below_the_working_folder(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    path = PARSERS["safeRelativePath"]
    assert [path(text) for text in ("", ".", "./", "../x", "/a/b", "a//b/", " a ", "a/../../b")] == [
        "./", "./", "./", "./x", "./a/b", "./a/b", "./a", "./b",
    ]  # fmt: skip
