"""Rules of the import of a workbook: its lifecycle, and how its worksheet is read. Pure."""
