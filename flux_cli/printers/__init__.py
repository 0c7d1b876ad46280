"""Data to text. Pure: a printer never calls the cluster."""
