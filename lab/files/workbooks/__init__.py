"""Reading a workbook in a confined process."""
