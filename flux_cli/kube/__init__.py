"""Adapter to the API server: kubeconfig, credentials, the wire, the client."""
