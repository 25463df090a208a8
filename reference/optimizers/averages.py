"""What several optimizers do to a moment or a weight, in the forms that frameworks choose between."""

from reference.functions import either

average = either(
    lambda beta, mean, x: beta * mean + (1 - beta) * x,
    lambda beta, mean, x: mean + (1 - beta) * (x - mean),
)
