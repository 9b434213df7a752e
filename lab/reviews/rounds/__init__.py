"""A round of review: opening, reminding, ending, its ranking."""
