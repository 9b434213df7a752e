"""Calls from draft to archive: list, page, actions."""
