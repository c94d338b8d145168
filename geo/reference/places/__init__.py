"""Places as notices print them: a text → the candidates for what it means, each with its accuracy and evidence."""
