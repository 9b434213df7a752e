"""Rules of matching columns with fields. Pure."""
