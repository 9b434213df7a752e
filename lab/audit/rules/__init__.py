"""The chain and its heads; know neither the web nor the database."""
