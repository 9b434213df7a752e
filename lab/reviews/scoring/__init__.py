"""The arithmetic of review, exact; knows neither the web nor the database."""
