"""Who may read which proposals, and which parts of them."""
