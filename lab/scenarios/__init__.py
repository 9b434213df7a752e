"""Scenarios, merchants, outlets and the steps that bring them live."""
