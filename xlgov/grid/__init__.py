"""Values with addresses: cells, the grid of a sheet, and how records are found in it."""
