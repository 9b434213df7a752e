"""The handovers that were carried out."""
