"""The completion scripts, one a shell, as files beside this page; ``completions/`` of the project holds copies for packagers."""

from pathlib import Path

FILES = {"bash": "flux.bash", "fish": "flux.fish", "powershell": "flux.ps1", "zsh": "_flux"}


def script(shell: str) -> str:
    """The script for one of ``FILES``."""
    return (Path(__file__).parent / FILES[shell]).read_text(encoding="utf-8")
