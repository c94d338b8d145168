"""What the service answers with: documents and features of a situation, as the role may see them."""
