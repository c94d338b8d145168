"""What the service accepts and documents: bodies of writes, fields, examples, OpenAPI."""
