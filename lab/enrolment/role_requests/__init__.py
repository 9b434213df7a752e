"""Roles that workbooks ask for: listed on one page, granted or refused there."""
