"""How the learning rate changes as training goes on."""
