"""Models that make data, and the objectives they are trained by."""
