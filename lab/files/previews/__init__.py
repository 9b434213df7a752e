"""Pictures of stored files, rendered by the worker."""
