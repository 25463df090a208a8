"""What several optimizers do to a moment or a weight, in the forms that frameworks choose between."""

import numpy as np

from reference.functions import either

average = either(
    lambda beta, mean, x: beta * mean + (1 - beta) * x,
    lambda beta, mean, x: mean + (1 - beta) * (x - mean),
)

# The length of a step: a rate times a quotient. The last form belongs to torch's capturable path.
ratio = either(
    lambda rate, x, scale: rate * x / scale,
    lambda rate, x, scale: rate * (x / scale),
    lambda rate, x, scale: x / (scale / rate),
)

# The root of a mean that started at 0, corrected by the share c that it has gained since.
corrected_root = either(lambda v, c: np.sqrt(v / c), lambda v, c: np.sqrt(v) / np.sqrt(c))

# A weight that shrinks by the share `rate * decay`.
shrunk = either(
    lambda w, rate, decay: w * (1 - rate * decay),
    lambda w, rate, decay: w - rate * decay * w,
    lambda w, rate, decay: w - rate * (decay * w),
)
