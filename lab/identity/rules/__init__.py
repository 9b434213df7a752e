"""Rules of accounts and passwords; independent of web and database."""
