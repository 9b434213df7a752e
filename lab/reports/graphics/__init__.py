"""Pictures on the pages of a document: charts and QR codes."""
