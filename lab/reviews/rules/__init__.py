"""Rules of review other than the scores; independent of web and database."""
