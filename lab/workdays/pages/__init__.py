"""Pages of the office: the calendar, its days and years, and the import of a year."""
