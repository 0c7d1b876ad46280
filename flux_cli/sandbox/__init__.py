"""The embedded cluster: an API server in memory and its stand-in controllers."""
