"""A Kubernetes API server in memory, and stand-ins of the Flux controllers that run on it.

``api.Sandbox`` answers requests; ``transport`` calls it in-process, ``server`` serves it on loopback,
``snapshot`` fills it from files.
"""
