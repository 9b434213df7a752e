"""Review: assignment, recusal, score sheets, scoring, ranking."""
