"""Registries: references, credentials, transfer of manifests and blobs, and the archives that Flux keeps in them."""
