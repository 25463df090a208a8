"""What several optimizers do to a moment or a weight, in the forms that frameworks choose between."""

from reference.functions import either

average = either(
    lambda beta, mean, x: beta * mean + (1 - beta) * x,
    lambda beta, mean, x: mean + (1 - beta) * (x - mean),
)

# The length of a step: a rate times a quotient. The last form belongs to torch's capturable path.
ratio = either(
    lambda rate, x, scale: rate * x / scale,
    lambda rate, x, scale: rate * (x / scale),
    lambda rate, x, scale: rate / scale * x,
    lambda rate, x, scale: x / (scale / rate),
)

# A weight that shrinks by the share `rate * decay`.
shrunk = either(
    lambda w, rate, decay: w * (1 - rate * decay),
    lambda w, rate, decay: w - rate * decay * w,
    lambda w, rate, decay: w - rate * (decay * w),
)
