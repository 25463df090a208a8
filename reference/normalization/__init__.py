"""Shifting and scaling values by their own mean and spread."""
