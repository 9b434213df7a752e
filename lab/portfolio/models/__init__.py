"""Tables of the portfolio."""
