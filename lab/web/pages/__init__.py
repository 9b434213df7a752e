"""Parts of pages: frame, navigation, filters, pagination, edit conflicts."""
