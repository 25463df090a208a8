"""Sums of shifted products: what a filter sees."""
