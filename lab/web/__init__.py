"""The page shell: fields, forms, filters, paging, headers, downloads, navigation."""
