"""Who may read which proposals, and what of them."""
