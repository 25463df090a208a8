"""The suite: whether a framework computes what the reference says, with evidence."""
