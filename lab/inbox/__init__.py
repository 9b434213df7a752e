"""Notices to people inside the portal."""
