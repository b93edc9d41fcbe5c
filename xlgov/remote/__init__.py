"""Workbooks that lie elsewhere, on a store or a server: named by URL, moved whole."""
