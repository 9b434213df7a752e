"""Rules of figures; independent of web and database."""
