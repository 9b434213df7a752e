"""A reviewer's pledge, score sheets, recusal and abstention."""
