"""Signing in by a provider of OpenID Connect: what is set, what the provider says, whose account that is."""
