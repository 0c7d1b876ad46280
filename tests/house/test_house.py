"""The house rules, executable. A failure names the file, the line and where the code belongs."""

import ast
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent / "flux_cli"
FLOORS = {
    "main": 6, "library": 6, "__main__": 7,
    "commands": 5,
    "services": 4, "printers": 4,
    "diagnosis": 3, "sandbox": 3,
    "kinds": 2,
    "kube": 1, "git": 1, "oci": 1, "providers": 1, "buckets": 1,
    "core": 0,
}  # fmt: skip
APART = {("services", "printers"), ("printers", "services"), ("diagnosis", "sandbox"), ("sandbox", "diagnosis")}
ADAPTERS = {"kube", "git", "oci", "providers", "buckets"}
PRINTERS_SEE = {"printers", "core", "diagnosis", "kinds"}
THIRD_PARTY = {  # who may touch which library
    "typer": {"commands"},
    "rich": {"printers"},
    "kubernetes": {"library"},
    "tabulate": {"printers"},
    "dulwich": {"git"},
    "httpx": {"providers", "oci", "services", "git", "buckets"},
    "httpx_auth": {"buckets"},
    "diff_match_patch": {"printers"},
    "msgspec": {"sandbox"},
}
IMPORTED_AS = {"pyyaml": "yaml"}
MAX_LINES = 300
PROCESS = {"sys.stdout", "sys.stderr", "sys.exit", "sys.argv"}
GENERATED = {"_compiled.py", "_compiled_help.py"}
SOURCES = sorted(p for p in ROOT.rglob("*.py") if p.name not in GENERATED)


def room(path: pathlib.Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "flux_cli":
            found += [(node.lineno, f"flux_cli.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
    return found


def wrong(here: str, module: str) -> str:
    """Why ``here`` may not import ``module``; empty where it may."""
    if module.startswith("."):
        return "relative imports hide the floor: write flux_cli.…"
    top, _, rest = module.partition(".")
    if top in THIRD_PARTY and here not in THIRD_PARTY[top]:
        return f"only {sorted(THIRD_PARTY[top])} may import {top}"
    if top != "flux_cli" or not rest:
        return ""
    there = rest.split(".")[0]
    if there == here:
        return ""
    if there not in FLOORS and not (ROOT / there).exists():
        return f"flux_cli.{there} is the door for programs outside: take it from where it is made"
    if there not in FLOORS or here not in FLOORS:
        return f"{there} and {here} need a floor in this test"
    if (here, there) in APART:
        return f"{here} and {there} stand side by side: hand the data over through commands"
    if here in ADAPTERS and there in ADAPTERS:
        return "adapters never import each other"
    if here == "printers" and there not in PRINTERS_SEE:
        return "a printer sees data only, never the cluster"
    if FLOORS[there] >= FLOORS[here]:
        return f"{there} (floor {FLOORS[there]}) is not below {here} (floor {FLOORS[here]})"
    return ""


def violations(path: pathlib.Path, tree: ast.AST) -> list[str]:
    if room(path) == "__init__":
        return []
    found = [(line, wrong(room(path), module)) for line, module in imports(tree)]
    return [f"{path.relative_to(ROOT)}:{line}: {why}" for line, why in found if why]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_only_go_down(path: pathlib.Path) -> None:
    assert violations(path, ast.parse(path.read_text())) == []


def test_a_wrong_import_is_found() -> None:
    """The test above has teeth: each of these lines breaks a rule."""
    lines = {
        "services/listing.py": "from flux_cli.printers import table",
        "kube/client.py": "from flux_cli.kinds import named",
        "core/objects.py": "import flux_cli.kube.client",
        "core/errors.py": "from flux_cli import kinds",
        "kube/session.py": "def f():\n    from flux_cli import __version__",
        "printers/table.py": "from flux_cli.kube import client",
        "kinds/alert.py": "def f():\n    import typer",
        "git/clone.py": "from flux_cli.kube.wire import Wire",
    }
    for name, source in lines.items():
        assert len(violations(ROOT / name, ast.parse(source))) == 1, name


def test_every_dependency_has_a_room_and_a_reason() -> None:
    """Who may touch a library does; what the project depends on is imported somewhere, and says beside its name what for."""
    tops = {(room(path), module.split(".")[0]) for path in SOURCES for _, module in imports(ast.parse(path.read_text()))}
    assert {library: {here for here, top in tops if top == library} for library in THIRD_PARTY} == THIRD_PARTY
    text = (ROOT.parent / "pyproject.toml").read_text()
    lines = text.partition("\ndependencies = [\n")[2].partition("\n]\n")[0].splitlines()
    parts = [re.fullmatch(r' *"([\w-]+)[^"]*", +# (.+)', line) for line in lines]
    unexplained = [line for line, part in zip(lines, parts, strict=True) if part is None]
    assert unexplained == []
    wanted = {IMPORTED_AS.get(part[1], part[1].replace("-", "_")) for part in parts if part}
    assert wanted - {top for _, top in tops} == set()


def names(tree: ast.Module, known: set[str]) -> set[str]:
    """Which of the known modules this one imports, wherever: at its top, in a function, or for type checkers alone."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in known else node.module for name in inner}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & known


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that import each other, and those that lead to them, each with where it goes on; by taking away what ends."""
    left = {name: graph[name] & graph.keys() - {name} for name in graph}
    while ends := {name for name, to in left.items() if not to & left.keys()}:
        left = {name: to for name, to in left.items() if name not in ends}
    return [[name, *sorted(to & left.keys())] for name, to in sorted(left.items())]


def test_no_two_modules_know_each_other() -> None:
    """A type that two modules need has a place below both; an import that waits, or is for type checkers, ties them all the same."""
    modules = {path: ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__") for path in SOURCES}
    graph = {module: names(ast.parse(path.read_text()), {*modules.values()}) for path, module in modules.items()}
    assert circles(graph) == []


def test_every_import_is_seen() -> None:
    source = """
import flux_cli.a
from flux_cli import b
if TYPE_CHECKING:
    from flux_cli.c import C
def f():
    from flux_cli.d import e, nothing
"""
    known = {f"flux_cli.{name}" for name in ("a", "b", "c", "d", "d.e", "z")}
    assert names(ast.parse(source), known) == {"flux_cli.a", "flux_cli.b", "flux_cli.c", "flux_cli.d", "flux_cli.d.e"}


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b", "os"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}) == [
        ["a", "b"], ["b", "c"], ["c", "a"], ["d", "a"]
    ]  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_main_touches_the_process(path: pathlib.Path) -> None:
    """No print, no sys.stdout/stderr/exit outside main; no bare except, and no broad one that neither raises nor says why."""
    found = []
    lines = path.read_text().splitlines()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            found.append(f"{node.lineno}: print: write to app.streams")
        if isinstance(node, ast.Attribute) and ast.unparse(node) in PROCESS:
            found.append(f"{node.lineno}: {ast.unparse(node)} belongs to main")
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            found.append(f"{node.lineno}: bare except")
        elif isinstance(node, ast.ExceptHandler) and node.type and ast.unparse(node.type) in ("Exception", "BaseException"):
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            found += [] if raises or "#" in lines[node.lineno - 1] else [f"{node.lineno}: what may this except swallow, and why?"]
    assert room(path) in {"main", "__main__"} or found == [], f"{path.relative_to(ROOT)}: {found}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_is_one_idea(path: pathlib.Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES, f"{path.relative_to(ROOT)} is beyond {MAX_LINES} lines: two ideas"
