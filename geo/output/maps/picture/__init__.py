"""Maps as pictures for print."""
