"""Who must keep out of the review of which proposal."""
