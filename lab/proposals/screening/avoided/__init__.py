"""Whom the applicant wants to avoid, matched with people during a check."""
