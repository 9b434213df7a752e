"""What a handover finds of proposals: drafts, confirmations for a partner unit."""
