"""What several use cases of the portfolio share: state on a day, and its recording."""
