"""Words of acts on accounts; know neither the web nor the database."""
