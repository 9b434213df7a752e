"""Copies of the whole portal, made while people write, and the way back from one."""
