"""Use cases that return data; they report progress through the log and never print."""
