"""Workbooks as they are sent: stored, read for the person to look at."""
