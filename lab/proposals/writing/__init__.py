"""Drafts: the steps of the form, saving while typing, earlier texts."""
