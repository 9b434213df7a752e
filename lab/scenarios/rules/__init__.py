"""Rules of scenarios; independent of web and database."""
