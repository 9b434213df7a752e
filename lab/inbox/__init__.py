"""Notices, letters and mails to people."""
