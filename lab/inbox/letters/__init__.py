"""Letters from the office to people, with their e-mails."""
