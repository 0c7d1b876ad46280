"""Adapter to OCI registries."""
