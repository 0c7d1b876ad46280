"""Kubernetes' rules for names and labels, with the API server's own messages."""

import re

_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SHAPE = "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
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
    wrong = [_too_long(63)] if len(text.encode()) > 63 else []
    if not re.fullmatch(f"({_QUALIFIED})?", text):
        what = f"a valid label must be an empty string or consist of {_SHAPE}"
        wrong.append(_regex(what, f"({_QUALIFIED})?", "MyValue", "my_value", "12345"))
    return wrong


def subdomain(text: str) -> list[str]:
    """What is wrong with an object's name."""
    wrong = [_too_long(253)] if len(text.encode()) > 253 else []
    if not re.fullmatch(_SUBDOMAIN, text):
        what = (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
            "and must start and end with an alphanumeric character"
        )
        wrong.append(_regex(what, _SUBDOMAIN, "example.com"))
    return wrong


def label(text: str) -> list[str]:
    """What is wrong with the name of a namespace, a Service or a container."""
    wrong = [_too_long(63)] if len(text.encode()) > 63 else []
    if not re.fullmatch(_LABEL, text):
        what = (
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
            "and must start and end with an alphanumeric character"
        )
        wrong.append(_regex(what, _LABEL, "my-name", "123-abc"))
    return wrong


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} bytes"


def _regex(what: str, pattern: str, *examples: str) -> str:
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{what} (e.g. {shown}regex used for validation is '{pattern}')"
