"""Reports: frozen content, charts, fonts and pages; snapshots that always print the same."""
