"""The report of the leading group, and the report centre."""
