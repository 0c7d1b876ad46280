"""The Flux command line, and the same reads, waits and diagnoses for programs.

``connect`` and ``diagnose`` are the library; they are loaded when they are asked for.
"""

__version__ = "2.9.4+py.0.1.0"
