"""Acts that one person asks for and another releases (复核)."""
