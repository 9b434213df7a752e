"""Letters of the office to people, with their e-mails."""
