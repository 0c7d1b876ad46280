"""The cause engine: relations, rules, ranking."""
