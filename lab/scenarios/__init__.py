"""Scenarios, merchants, outlets and the onboarding steps."""
