"""Approved figures: totals, histories, progress towards targets."""
