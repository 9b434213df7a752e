"""The formality check."""
