"""Who may see what: one policy for web, API, documents and the command line."""
