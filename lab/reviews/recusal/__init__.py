"""Who must keep out of the judging of which proposal."""
