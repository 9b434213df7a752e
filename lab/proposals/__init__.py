"""Proposals: steps, drafts, attachments, submission, formality check."""
