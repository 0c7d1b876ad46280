"""``flux completion``: scripts that teach a shell the words of ``flux``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    verb = root.group("completion", "Print a completion script for a shell")
    for shell, where in _INSTALL.items():
        verb.leaf(
            shell,
            script,
            bind={"shell": shell},
            short=f"Print the completion script for {shell}",
            example=where,
            args="any",
        )


def script(app: App, shell: str) -> None:
    from flux_cli.commands._dialect.scripts import script as text

    app.streams.out.write(text(shell))


_INSTALL = {
    "bash": "# In this shell\n. <(flux completion bash)\n\n# In every shell\necho '. <(flux completion bash)' >> ~/.bashrc",
    "fish": "# In this shell\nflux completion fish | source\n\n"
    "# In every shell\nmkdir -p ~/.config/fish/completions\nflux completion fish > ~/.config/fish/completions/flux.fish",
    "powershell": "# In this shell\nflux completion powershell | Out-String | Invoke-Expression\n\n"
    "# In every shell\nflux completion powershell >> $PROFILE",
    "zsh": "# In this shell\n. <(flux completion zsh)\n\n# In every shell\necho '. <(flux completion zsh)' >> ~/.zshrc",
}
