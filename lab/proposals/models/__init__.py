"""Tables of proposals."""
