"""Reports: frozen content, charts, fonts and pages; snapshots that print the same for ever."""
