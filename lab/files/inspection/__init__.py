"""What an uploaded file is and whether it may be taken; knows neither the web nor the database."""
