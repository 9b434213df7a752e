"""Texts of actions on accounts; independent of web and database."""
