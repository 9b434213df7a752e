"""New accounts: slips with a code that holds once, and the first password set with it."""
