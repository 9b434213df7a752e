"""Work for later: rows are the queue, workers claim them."""
