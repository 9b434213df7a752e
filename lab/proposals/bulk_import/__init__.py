"""Drafts made from the rows of a workbook."""
