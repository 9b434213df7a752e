"""Rules of two-person actions; independent of web and database."""
