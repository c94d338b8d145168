"""Who may what: identities, the one table of rules, and the gate that applies it to every route."""
