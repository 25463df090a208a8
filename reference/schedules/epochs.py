"""How often the weights move: samples, batches, epochs and iterations."""

from reference.catalogue import Note, Paper, equation
from reference.domain import integer

NOTE = "003_ad5d26ecc7ac182d.md"
TORCH = Paper("PyTorch, torch.utils.data.DataLoader", "drop_last", "https://pytorch.org/docs/stable/data.html")


@equation(
    latex=r"U = \left\lceil \frac{N}{B} \right\rceil",
    sources=[Note(NOTE, line=103), TORCH],
    domain=dict(samples=integer(1, 1000), batch=integer(1, 1000)),
    outputs=("updates",),
    dtype="exact",
)
def updates_per_epoch(*, samples, batch):
    """An epoch uses every sample once, so its last batch is smaller unless the batch size divides their number."""
    return -(-samples // batch)


@updates_per_epoch.dialect(
    "drop-last",
    latex=r"U = \left\lfloor \frac{N}{B} \right\rfloor",
    sources=[TORCH],
    differs="an incomplete last batch is left out, and with it up to B - 1 samples of the epoch",
    telling=dict(samples=3, batch=2),
)
def dropping(*, samples, batch):
    return samples // batch


@updates_per_epoch.closed_form("1000 samples make 10 batches of 100 and 100 batches of 10", by="enumeration")
def _(f):
    return (f(samples=1000, batch=100), f(samples=1000, batch=10)), (10, 100)


@updates_per_epoch.law(
    "leaving out the last batch changes nothing",
    when="the batch size divides the number of samples",
    by="enumeration",
    outside=dict(samples=3, batch=2),
)
def _(f, *, samples, batch):
    return f(samples=samples, batch=batch), dropping(samples=samples, batch=batch)


@equation(
    latex=r"T = E \left\lceil \frac{N}{B} \right\rceil",
    sources=[Note(NOTE, line=105)],
    domain=dict(samples=integer(1, 1000), batch=integer(1, 1000), epochs=integer(1, 100)),
    outputs=("iterations",),
    dtype="exact",
)
def training_iterations(*, samples, batch, epochs):
    """One iteration is one update of the weights, and an epoch is as many of them as there are batches."""
    return epochs * updates_per_epoch(samples=samples, batch=batch)


@training_iterations.dialect(
    "drop-last",
    latex=r"T = E \left\lfloor \frac{N}{B} \right\rfloor",
    sources=[TORCH],
    differs="the incomplete batch of each epoch is left out",
    telling=dict(samples=3, batch=2, epochs=1),
)
def _(*, samples, batch, epochs):
    return epochs * dropping(samples=samples, batch=batch)


@training_iterations.closed_form("10 epochs of 1000 samples in batches of 10 are 10 cycles of 100 updates", by="enumeration")
def _(f):
    return f(samples=1000, batch=10, epochs=10), 10 * 100


@training_iterations.closed_form("5 samples in batches of 2 are 3 updates an epoch, the last with one sample", by="enumeration")
def _(f, *, epochs):
    return f(samples=5, batch=2, epochs=epochs), 3 * epochs
