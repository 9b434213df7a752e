"""Indicators: periodic entries, confirmation, approval, correction."""
