"""Units and people created from the rows of a workbook."""
