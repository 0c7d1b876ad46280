"""Floor 0: words that every other room shares. Standard library only."""
