"""One handover: what a person holds, and who receives it."""
