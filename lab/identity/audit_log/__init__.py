"""The audit log as pages show it."""
