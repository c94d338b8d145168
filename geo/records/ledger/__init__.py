"""The append-only ledger: write transactions and queries."""
