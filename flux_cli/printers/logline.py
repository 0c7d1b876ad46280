"""A line of a controller's log, for a pipe and, in colour, for a person."""

from __future__ import annotations

from flux_cli.core.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FAINT, _BOLD, _RED, _YELLOW, _GREEN = "2", "1", "31", "33", "32"
_LEVELS = {"error": _RED, "info": _GREEN, "debug": _YELLOW}


def line(parts: Sequence[str], color: bool) -> str:
    """Time, level, object, message and error in one line; without an error it ends with a blank, as in the Go CLI."""
    time, level, about, message, error = map(clean, parts)
    if color:
        time, level, about = _styled(time, _FAINT), _styled(level, _LEVELS.get(level, "")), _styled(about, _BOLD)
        error = _styled(error, _RED)
    return f"{time} {level} {about} - {message} {error}\n"


def _styled(text: str, style: str) -> str:
    """Line by line, so that a pager may begin anywhere."""
    if not style:
        return text
    return "\n".join(f"\x1b[{style}m{part}\x1b[0m" if part else "" for part in text.split("\n"))
