"""The performance dashboard: monthly readings, their windows, comparisons and control charts."""
