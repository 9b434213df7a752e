"""E-mail addresses of record."""
