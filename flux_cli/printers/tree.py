"""Trees: branches for people, nested resources for programs. Keys and their order are the Go CLI's."""

from __future__ import annotations

from flux_cli.core.text import clean, one_line
from flux_cli.core.view import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def text(tree: Tree) -> str:
    """The branches, and an empty line."""
    lines = [_label(tree)]
    _branches(tree, "", lines)
    return "\n".join(lines) + "\n\n"


def _branches(tree: Tree, indent: str, lines: list[str]) -> None:
    for child in tree.children:
        last = child is tree.children[-1]
        lines.append(indent + ("└── " if last else "├── ") + _label(child))
        _branches(child, indent + ("    " if last else "│   "), lines)


def _label(tree: Tree) -> str:
    """The object; with its state where that was asked for, and why where it is not as it should be."""
    item = tree.data
    if not item.state:
        return clean(tree.label)
    why = f": {one_line(item.message, 100)}" if item.state != "Current" and item.message else ""
    return clean(f"{tree.label}  {item.state}{why}")


def as_json(tree: Tree) -> str:
    import json

    body = json.dumps(_node(tree), indent=2, ensure_ascii=False)
    for char, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        body = body.replace(char, code)
    return clean(body) + "\n"


def as_yaml(tree: Tree) -> str:
    from flux_cli.core.goyaml import dump

    return clean(dump(_node(tree))) + "\n"


def _node(tree: Tree) -> dict[str, Any]:
    item = tree.data
    kind = {"Group": item.group, "Kind": item.kind}
    node: dict[str, Any] = {"resource": {"Namespace": item.namespace, "Name": item.name, "GroupKind": kind}}
    if item.state:
        node["health"] = {"status": item.state, "message": item.message}
    if tree.children:
        node["resources"] = [_node(child) for child in tree.children]
    return node
