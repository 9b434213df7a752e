"""The published result of a proposal: its scores and the decision on it."""
