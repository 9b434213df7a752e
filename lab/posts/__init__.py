"""What becomes of a post: its page is kept for a while, and one that creates is done once."""
