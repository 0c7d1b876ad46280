"""Stand-ins of the Flux controllers, one file a family. They fetch nothing: what is outside the cluster, ``world`` says."""
