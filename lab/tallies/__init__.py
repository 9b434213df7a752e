"""Comparing the kept numbers by state with what is there; see `lab.db.tallies`."""
