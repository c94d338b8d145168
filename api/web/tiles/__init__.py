"""Vector tiles of the registers and the background of maps."""
