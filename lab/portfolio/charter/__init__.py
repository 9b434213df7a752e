"""How a project comes into the portfolio, and its milestones, team and texts."""
