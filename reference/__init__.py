"""Each equation of deep learning, stated once as a short function in plain NumPy."""
