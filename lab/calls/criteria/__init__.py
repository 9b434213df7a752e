"""The rubric, the check items and the eligibility rules of a call."""
