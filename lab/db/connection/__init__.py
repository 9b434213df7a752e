"""The connection to the database: its settings, transactions, and what may go wrong with it."""
