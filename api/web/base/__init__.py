"""What all pages share: context of a request, translations, forms, error pages, static files."""
