"""Activation slips: who waits for one, and the sheet on which they are printed."""
