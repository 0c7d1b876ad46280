"""Links of the pages lead somewhere, to a file and to the heading that an anchor names; command lines and flags in them exist."""

import pathlib
import re

import pytest
from house.shown import command_lines, flags

from flux_cli.commands._dialect.dispatch import check_args
from flux_cli.commands._dialect.loading import load
from flux_cli.commands._dialect.parse import find, flags_of, parse
from flux_cli.core.errors import FluxError, UsageError

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(text: str) -> set[str]:
    """Headings as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def broken(page: pathlib.Path, text: str) -> list[str]:
    """The links of ``text`` to other pages, as seen from ``page``, that lead nowhere."""
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if "://" not in link and not (target.exists() and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))):
            found.append(link)
    return found


def test_every_link_leads_somewhere() -> None:
    bad = {str(page.relative_to(ROOT)): links for page in PAGES if (links := broken(page, page.read_text(encoding="utf-8")))}
    assert bad == {}


def test_a_broken_link_is_found() -> None:
    text = "[a](docs/guide.md) [b](docs/guide.md#first-look) [c](docs/gone.md) [d](docs/guide.md#gone) [e](https://fluxcd.io)"
    assert broken(ROOT / "README.md", text) == ["docs/gone.md", "docs/guide.md#gone"]


def refused(words: list[str]) -> str:
    """Why ``flux`` would not take this command line, before it does anything; empty where it would."""
    table = load()
    path, rest = find(table, words)
    try:
        parsed = parse(flags_of(table, path), rest)
        if not table.node(path).run and parsed.args:
            raise UsageError(f"no such command: {parsed.args[0]}")
        check_args(path, table.node(path).args, parsed.args)
    except FluxError as err:
        return f"flux {' '.join(words)}: {err}"
    return ""


def unknown(page: str) -> list[str]:
    """Command lines of a page that ``flux`` refuses, and flags that no command has."""
    table = load()
    known = {f"--{row[0]}" for row in table.flags}
    return [*filter(None, map(refused, command_lines(page))), *sorted(flags(page) - known)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_exists(page: pathlib.Path) -> None:
    text = page.read_text(encoding="utf-8")
    if page.name == "performance.md":  # its command lines are labels of measurements
        text = re.sub(r"^\|.*", "", text, flags=re.MULTILINE)
    assert unknown(text) == []


def test_variables_of_the_environment_are_told() -> None:
    """Those that are ours: who sets one finds it in a page."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "flux_cli").rglob("*.py"))
    ours = set(re.findall(r"environ(?:\.get\(|\[)\"(FLUX\w+)\"", code))
    assert ours
    assert {name for name in ours if not any(name in page.read_text(encoding="utf-8") for page in PAGES)} == set()


def test_a_wrong_command_line_is_found() -> None:
    page = "`flux gett ks`, `--nope X` and `--from`\n\n```sh\nflux get ks --alll | flux explain --kinds X > y\n# flux nope\n```\n"
    assert unknown(page + "\n    flux tree artifact generator\n") == [
        "flux get ks --alll: unknown flag: --alll",
        "flux explain --kinds X: unknown flag: --kinds",
        "flux tree artifact generator: accepts 1 arg(s), received 0",
        "flux gett ks: no such command: gett",
        "--nope",
    ]
