"""What every command rests on: its language, its options, its help, its errors, and where it prints."""
