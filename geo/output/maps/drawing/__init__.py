"""A map before it is a page or a picture: layers, cards, legend, shapes."""
