"""Steps of an upload: the row of headings is chosen, then the field of each column."""
