"""The chain and its heads; independent of web and database."""
