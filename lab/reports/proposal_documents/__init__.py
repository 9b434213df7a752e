"""Receipt, proposal and review copy of a submitted version."""
