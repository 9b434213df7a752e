"""Rules of stored files; independent of web and database."""
