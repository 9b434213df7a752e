"""What every kind of document shares: rendering as a job, storing the file."""
