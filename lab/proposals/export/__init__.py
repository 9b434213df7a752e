"""Proposals as a workbook, and one as JSON."""
