"""The notice of a call and its revisions."""
