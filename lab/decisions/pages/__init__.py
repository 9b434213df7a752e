"""Decisions from draft to publication."""
