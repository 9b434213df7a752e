"""The workbook of an import: its columns, its template, its check, and the copy with remarks."""
