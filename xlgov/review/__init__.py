"""Two versions of a workbook side by side: what changed since the board last saw it."""
