"""Links of the pages lead somewhere: the file is there, and the heading that an anchor names."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


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
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    bad = {str(page.relative_to(ROOT)): links for page in pages if (links := broken(page, page.read_text(encoding="utf-8")))}
    assert bad == {}


def test_a_broken_link_is_found() -> None:
    text = "[a](docs/guide.md) [b](docs/guide.md#first-look) [c](docs/gone.md) [d](docs/guide.md#gone) [e](https://fluxcd.io)"
    assert broken(ROOT / "README.md", text) == ["docs/gone.md", "docs/guide.md#gone"]
