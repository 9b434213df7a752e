"""The portfolio: approved projects, teams, milestones, lights."""
