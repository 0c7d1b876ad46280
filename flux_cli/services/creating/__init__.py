"""Flags in, Kubernetes objects out: what ``create`` makes of every kind, and how it gets into a cluster."""
