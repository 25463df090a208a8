"""What is expected of a scenario, how far off an answer is, and whether that survives rigorous enclosures."""
