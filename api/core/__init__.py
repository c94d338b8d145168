"""What every route works with: settings, the running service, responses and problems."""
