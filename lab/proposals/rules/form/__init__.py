"""The form of a proposal: what a field is, which there are, the steps made of them. Pure."""
