"""The editor of the list that a call's formality checks go through."""
