"""What an uploaded file is and whether it is accepted; independent of web and database."""
