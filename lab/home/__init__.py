"""The start page and the to-do list."""
