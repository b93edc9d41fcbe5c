"""Strategic risk registers: their words, scales, ratings, bands and tolerance."""
