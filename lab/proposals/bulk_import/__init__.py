"""Drafts created from the rows of a workbook."""
