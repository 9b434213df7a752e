"""What several use cases of the portfolio share: what held on a day, and how it is recorded."""
