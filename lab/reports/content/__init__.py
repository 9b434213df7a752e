"""What documents say, as frozen data, words and cells; knows neither the web nor the database."""
