"""Release requests: made, shown, decided, expired."""
