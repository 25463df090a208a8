"""Frameworks: what each of them claims to compute, in its own tensors."""
