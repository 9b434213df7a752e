"""The content of documents as frozen data, text and cells; independent of web and database."""
