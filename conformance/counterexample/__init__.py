"""A failure made small, written as a program, and kept so that it can be replayed."""
