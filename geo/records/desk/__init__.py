"""What accounts have on their desk beside the records: views they named, what they last looked at; jobs in hand."""
