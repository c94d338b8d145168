"""What a cell of a workbook shows, beyond the value that it holds."""
