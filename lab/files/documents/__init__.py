"""What the worker renders: ordered, rendered, failed, retried and downloaded in one way."""
