"""Calls for projects: notice, dates, places, criteria and rubric, frozen rules."""
