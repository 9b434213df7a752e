"""What a page is made of: frame, navigation, filters, paging, the conflict of two editors."""
