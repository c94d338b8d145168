"""Files of records, as the pages and the interface take them."""
