"""Typer, made to speak cobra and pflag.

Commands are declared once, as Typer definitions (``declare``). ``compile`` writes them down as plain tables, and at run time
``dispatch`` finds the command, parses its flags and calls its function from those tables without importing Typer.
"""
