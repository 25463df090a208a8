"""Layers that read a sequence and remember."""
