"""Wards as people write them: phrases, old encodings, former units, and the search over all of them."""
