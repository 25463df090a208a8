"""What losses do with their terms: the mean is the base, the sum and the bare terms are dialects."""

import numpy as np

from reference.catalogue import Paper
from reference.functions import either

per = either(
    lambda x, n: x / n,
    lambda x, n: x * (np.ones_like(x) / n),
)


def torch_documentation(module):
    """The page on which a module of PyTorch lists its reductions."""
    url = f"https://docs.pytorch.org/docs/stable/generated/torch.nn.{module}.html"
    return Paper("PyTorch documentation", f"torch.nn.{module}, reduction", url)


ADDED = "the terms are added, so that the learning rate has to fall with the size of the batch"
BARE = "the terms are handed out one by one"
