"""How numbers look, and the counters that give them out."""
