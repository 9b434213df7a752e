"""The command line, and the documentation pages generated from the code."""
