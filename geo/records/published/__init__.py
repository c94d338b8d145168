"""What was published and holds, row by row: what a draft can take back."""
