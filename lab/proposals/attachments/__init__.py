"""Attachments of a proposal."""
