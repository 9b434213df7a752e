"""离岗交接: what a person holds, handed over to those who may do it."""
