"""Outgoing mail: the queue, the SMTP dialogue, mails about accounts."""
