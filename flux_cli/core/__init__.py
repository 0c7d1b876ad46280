"""Floor 0: words that every other room shares. Standard library only."""

__version__ = "2.9.4+py.0.1.0"  # of the Go CLI that it answers like, then our own; here so that every floor can say it
