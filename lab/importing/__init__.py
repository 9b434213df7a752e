"""Workbooks of any form: their headings are found, their columns matched with fields."""
