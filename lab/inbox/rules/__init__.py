"""Texts of letters and mails, and when mails are retried; independent of web and database."""
