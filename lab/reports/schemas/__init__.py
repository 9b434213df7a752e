"""Forms of documents that are no longer issued, kept so that those issued print as they did."""
