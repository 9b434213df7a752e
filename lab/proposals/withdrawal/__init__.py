"""Withdrawing a proposal."""
