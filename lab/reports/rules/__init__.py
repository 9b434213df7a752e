"""Rules of documents; independent of web and database."""
