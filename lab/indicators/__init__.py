"""Indicators: dictionary, monthly entries, confirmation, approval, correction."""
