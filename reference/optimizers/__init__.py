"""How a parameter moves, given its gradient."""
