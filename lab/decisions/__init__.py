"""Decisions: the office's list, the leading group's approval, public notice."""
