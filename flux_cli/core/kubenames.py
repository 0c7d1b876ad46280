"""Kubernetes' rules for names and labels, with the API server's own messages."""

import re

_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_ENDS = "must start and end with an alphanumeric character"
_SHAPE = f"alphanumeric characters, '-', '_' or '.', and {_ENDS}"
_EMPTY = "must be non-empty"


def qualified_name(text: str) -> list[str]:
    """What is wrong with a label's key (``[prefix/]name``); an empty list where nothing is."""
    *prefix, name = text.split("/")
    expected = _regex(f"must consist of {_SHAPE}", _QUALIFIED, "MyName", "my.name", "123-abc")
    if len(prefix) > 1:
        return [f"a valid label key {expected} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    wrong = []
    if prefix and not prefix[0]:
        wrong.append(f"prefix part {_EMPTY}")
    elif prefix:
        wrong += [f"prefix part {why}" for why in subdomain(prefix[0])]
    if not name:
        wrong.append(f"name part {_EMPTY}")
    elif len(name.encode()) > 63:
        wrong.append(f"name part {_too_long(63)}")
    if not re.fullmatch(_QUALIFIED, name):
        wrong.append(f"name part {expected}")
    return wrong


def label_value(text: str) -> list[str]:
    """What is wrong with a label's value."""
    what = f"a valid label must be an empty string or consist of {_SHAPE}"
    return _checked(text, 63, f"({_QUALIFIED})?", what, "MyValue", "my_value", "12345")


def subdomain(text: str) -> list[str]:
    """What is wrong with an object's name."""
    what = f"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and {_ENDS}"
    return _checked(text, 253, _SUBDOMAIN, what, "example.com")


def label(text: str) -> list[str]:
    """What is wrong with the name of a namespace, a Service or a container."""
    what = f"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and {_ENDS}"
    return _checked(text, 63, _LABEL, what, "my-name", "123-abc")


def _checked(text: str, limit: int, pattern: str, what: str, *examples: str) -> list[str]:
    """``limit``: in bytes; ``what`` the pattern asks for, in words."""
    wrong = [_too_long(limit)] if len(text.encode()) > limit else []
    return wrong if re.fullmatch(pattern, text) else [*wrong, _regex(what, pattern, *examples)]


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} bytes"


def _regex(what: str, pattern: str, *examples: str) -> str:
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{what} (e.g. {shown}regex used for validation is '{pattern}')"
