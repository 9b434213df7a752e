"""Search, and proposals that resemble each other."""
