"""The command `diaban`: one module a command, registered in `geo.cli.app`."""
