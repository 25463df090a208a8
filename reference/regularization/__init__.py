"""What keeps a model from learning its training data by heart."""
