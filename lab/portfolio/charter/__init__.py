"""How projects enter the portfolio, and their milestones, teams and texts."""
