"""What a handover finds of projects: those that a person leads."""
