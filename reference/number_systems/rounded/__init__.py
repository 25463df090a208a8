"""Numbers with a derived bound on what any honest evaluation in a floating-point format may be off by."""

from reference.number_systems.rounded import branches, elementwise, freedom, meeting, products, sums
from reference.number_systems.rounded.carrier import Rounded
from reference.number_systems.rounded.format import Format

Rounded.rules = Rounded.rules | elementwise.RULES | sums.RULES | products.RULES | branches.RULES
Rounded.joined = meeting.joined  # type: ignore[assignment, method-assign]
Rounded.scattered = sums.scattered  # type: ignore[attr-defined]
Rounded.erf = elementwise.erf  # type: ignore[attr-defined]
Rounded.between = branches.between  # type: ignore[attr-defined]
Rounded.__either__ = freedom.charged  # type: ignore[attr-defined]

__all__ = ["Format", "Rounded"]
