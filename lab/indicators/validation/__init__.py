"""The rules for figures, applied to what is stored."""
