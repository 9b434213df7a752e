"""Tables of notices and letters."""
