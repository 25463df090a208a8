"""Array types that NumPy's protocols carry through an ordinary function, each with its own idea of a number."""
