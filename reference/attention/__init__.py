"""Averages whose weights come from comparing queries with keys."""
