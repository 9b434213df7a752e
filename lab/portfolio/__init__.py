"""The portfolio: approved projects, teams, milestones, status lights."""
