"""Accounts of people, their roles and their unit."""
