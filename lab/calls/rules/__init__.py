"""Rules of calls; independent of web and database."""
