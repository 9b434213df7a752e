"""Pictures of stored files, made by the worker."""
