"""Rules of projects; independent of web and database."""
