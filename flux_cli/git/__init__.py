"""Adapter to Git repositories."""
