"""Weighted sums, and what stacks of them can and cannot do."""
