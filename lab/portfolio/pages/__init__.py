"""The list of projects, the page of one, headline counts."""
