"""Signing in and out, and what wrong passwords lead to."""
