"""The command line, and the pages of docs written from the code."""
