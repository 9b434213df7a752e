"""Rules of decisions; independent of web and database."""
