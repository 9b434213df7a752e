"""Submission of a proposal, late ones included, and what follows in review."""
