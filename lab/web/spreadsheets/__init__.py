"""Lists as XLSX and CSV, and the content of their cells."""
