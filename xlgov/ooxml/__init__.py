"""Workbook files as packages of parts: read as grids, edited by splicing bytes, saved whole.

Why our own: a library that parses a workbook and writes it anew loses what it does not know. Here
nothing is written anew but the bytes that change.
"""
