"""Pages of ``flux help`` that belong to no command."""

TOPICS: dict[str, str] = {}
