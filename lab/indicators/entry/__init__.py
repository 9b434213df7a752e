"""Entering a month's figures and its narrative."""
