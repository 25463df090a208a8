"""Equations in somebody's Markdown: read, held against the catalogue, and mended where they are wrong."""
