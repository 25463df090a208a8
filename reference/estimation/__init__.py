"""Bias, variance, and what combining models does to them."""
