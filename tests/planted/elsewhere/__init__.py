"""Mistakes that were made without a look at how they would be found."""
