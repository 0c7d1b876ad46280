"""Adapters to Git hosts' APIs."""
