"""A formula is proved by its function: read as a program, it gives the same numbers."""

from conformance.notes.proving.formulas import Formula, formulas, refuted

__all__ = ["Formula", "formulas", "refuted"]
