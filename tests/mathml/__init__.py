"""Formulas are turned into MathML once, by Temml, when the catalogue changes; pages only look them up."""
