"""The kinds of record: one module each, with the dataclass of its entries and its `SPEC`."""
