"""Who may do what: identities, the table of rules, and the authorization that applies it to every route."""
