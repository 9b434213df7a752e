"""Rules of backups; independent of web and database."""
