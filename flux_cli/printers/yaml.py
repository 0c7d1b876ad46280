"""Objects as YAML documents, in Go's style."""

from typing import Any

from flux_cli.core.goyaml import dump

__all__ = ["document", "dump"]


def document(value: Any) -> str:
    """One document of a stream: a line ``---``, then the object, its final newline last."""
    return f"---\n{dump(value).strip()}\n"
