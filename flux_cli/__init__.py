"""The Flux command line, and the same reads, waits and diagnoses for programs.

``connect`` and ``diagnose`` are the library; they are loaded when they are asked for.
"""

TYPE_CHECKING = False  # type checkers take it for true; importing typing for it would cost every start 5 ms
if TYPE_CHECKING:
    from flux_cli.core import __version__ as __version__
    from flux_cli.library import connect as connect
    from flux_cli.library import diagnose as diagnose

_LIBRARY = ("connect", "diagnose")


def __getattr__(name: str) -> object:
    if name in _LIBRARY:
        from flux_cli import library

        return getattr(library, name)
    if name == "__version__":
        from flux_cli.core import __version__

        return __version__
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
