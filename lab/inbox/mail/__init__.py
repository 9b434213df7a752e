"""Outgoing mail: the queue, the conversation with the server, mails about accounts."""
