"""Git hosts over their REST APIs: the repository, who may use it, and keys and tokens for the cluster."""
