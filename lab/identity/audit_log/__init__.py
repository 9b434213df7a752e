"""The audit log as shown on pages."""
