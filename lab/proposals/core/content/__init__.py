"""What a proposal says: read, frozen in versions, compared, with its attachments."""
