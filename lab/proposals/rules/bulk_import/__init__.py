"""Rules of the import of a workbook: where it stands, and how its sheet is read. Pure."""
