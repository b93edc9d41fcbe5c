"""The record of runs: what was done to each workbook, by whom and when; kept, asked and shown."""
