"""Drafts: the steps of the form, autosave, earlier texts."""
