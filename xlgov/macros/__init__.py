"""Macros in workbooks: the VBA project, the ribbon add-in, the button in a file of its own."""
