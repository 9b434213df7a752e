"""The rules of figures, applied to stored ones."""
