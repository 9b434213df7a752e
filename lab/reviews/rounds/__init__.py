"""A review round: opening, reminding, closing, its ranking."""
