"""The chain rule backwards: the gradient of any equation, in whatever numbers it is computed with."""

from reference.number_systems.adjoints import ADJOINTS
from reference.number_systems.tape import nested, rules
from reference.number_systems.tape.backwards import gradient
from reference.number_systems.tape.recording import Tape

Tape.rules = rules.RULES
Tape.__either__ = nested.either  # type: ignore[attr-defined]
Tape.__equation__ = nested.equation  # type: ignore[attr-defined]

__all__ = ["ADJOINTS", "Tape", "gradient"]
