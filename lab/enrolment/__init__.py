"""Accounts for many people at once: units and people by workbook, slips, roles on request."""
