"""Submitting a proposal, late ones included, and what follows in review."""
