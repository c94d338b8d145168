"""The pages (*giao diện*): rendered on the server, Vietnamese first, with maps that need no network."""
