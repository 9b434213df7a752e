"""Lists as XLSX and CSV, and what their cells hold."""
