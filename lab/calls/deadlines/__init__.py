"""Extensions of a call, and codes for late proposals."""
