"""What torch computes."""
