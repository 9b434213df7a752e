"""Rules of proposals; independent of web and database."""
