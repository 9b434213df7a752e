"""What letters and mails say, and when mails are retried; no web, no database."""
