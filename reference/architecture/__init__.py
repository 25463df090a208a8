"""Whole networks: their shapes and their sizes."""
