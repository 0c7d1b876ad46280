"""The Flux command line, and the same reads, waits and diagnoses for programs.

``connect`` and ``diagnose`` are the library; they are loaded when they are asked for.
"""

__version__ = "2.9.4+py.0.1.0"

_LIBRARY = ("connect",)


def __getattr__(name: str) -> object:
    if name in _LIBRARY:
        from flux_cli import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
