"""Rules of the formality check: its list, its hints, whom to avoid."""
