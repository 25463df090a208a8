"""The nonlinear step after a weighted sum."""
