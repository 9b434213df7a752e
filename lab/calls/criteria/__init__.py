"""The rubric, the check items and the applying rules of a call."""
