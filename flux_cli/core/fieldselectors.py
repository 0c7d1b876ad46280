"""Field selectors as the API server reads them: a backslash stands before the commas, signs and backslashes of a value."""


def equal(field: str, value: str) -> str:
    """The selector of objects whose field has this value, whatever characters it holds."""
    for special in "\\,=":
        value = value.replace(special, f"\\{special}")
    return f"{field}={value}"


def named(name: str | None) -> str:
    """The selector of the object of this name; "", which is for all, where none is given."""
    return "" if name is None else equal("metadata.name", name)
