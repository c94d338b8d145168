"""A city on one page: the trends of its reports and of its programme, and their files."""
