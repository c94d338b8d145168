"""Parts of a programme: periods, and the words that its list, reports and papers use."""
