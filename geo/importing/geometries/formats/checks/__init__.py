"""What is looked at in a document before GDAL reads it: numbers that it would cut short, rings that it would drop."""
