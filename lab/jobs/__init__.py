"""Background jobs: rows are the queue, workers claim them."""
