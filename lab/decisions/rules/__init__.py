"""Rules of meetings and results; independent of web and database."""
