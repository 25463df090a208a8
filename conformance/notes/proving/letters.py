"""Which letter stands for which argument is a matter of custom."""

from __future__ import annotations

import re

CUSTOMS: dict[str, str] = {
    "lr": "eta, eta_0", "eps": "epsilon, hat epsilon", "momentum": "beta, mu, alpha, gamma", "dampening": "d",
    "decay": "alpha, lambda, delta", "weight_decay": "lambda", "prediction": "hat y", "target": "y",
    "top": "u, hat v, eta_max, t", "low": "eta_min, l", "high": "h", "epoch": "t", "total": "T", "steps": "T",
    "size": "S, s", "factor": "phi, gamma", "factors": "gamma, lambda", "first": "lambda", "second": "mu",
    "patience": "P", "threshold": "theta", "best": "m", "waited": "k", "loss": "ell, L", "start": "phi", "end": "psi",
    "train": "L_train, ell_training", "test": "L_test", "validation": "ell_validation", "warm": "W", "div": "delta",
    "final": "phi", "up": "U", "down": "D", "power": "p", "milestones": "s", "classes": "n, K", "samples": "N, n",
    "folds": "K", "batch": "B, N", "epochs": "E", "models": "n", "voters": "M", "correlation": "rho", "labels": "t, l",
    "variance": "v, √sigma", "running_mean": "mu", "running_variance": "v, √sigma", "words": "w", "sentences": "s",
    "predictions": "hat f", "truth": "f", "noise": "epsilon", "right": "r", "wrong": "q", "restored": "hat x",
    "encoder": "A", "decoder": "B", "temperature": "tau", "real": "D", "fake": "F", "reward": "r", "discount": "gamma",
    "ended": "e", "mask": "M, r, m", "image": "I", "kernel": "K", "kernels": "k, C'", "strides": "s", "dilations": "d",
    "stride": "S", "padding": "P, p", "dilation": "D", "groups": "G", "output_padding": "A", "channels": "C",
    "inputs": "n_in, m, I", "outputs": "n_out, n", "hidden": "H", "blocks": "b, B", "bias": "beta", "rows": "O, H'",
    "columns": "Q, W'", "scale": "s", "left": "l", "value": "a, V, v", "position": "p", "base": "b", "w_ih": "W, W_ih",
    "w_hh": "U, W_hh", "b_ih": "b_W, b_ih, b", "b_hh": "b_U, b_hh", "mean": "mu", "deviation": "sigma", "one_hot": "y",
    "weight": "w, lambda", "ignore": "i", "squares": "q", "updates": "u", "gradients": "g", "chosen": "i",
    "share": "lambda", "widths": "n, W", "width": "W", "gaps": "d", "values": "v", "points": "p", "scores": "s",
    "probabilities": "p", "votes": "h", "drawn": "m, n", "x": "I, a", "w": "W, K, theta", "g": "∇, h", "a": "v",
    "gap": "g", "log_p": "ell", "query": "Q", "key": "K", "configuration": "c", "side": "I",
    "dy": "d, bar y", "K": "K", "L": "L, K", "last": "l",
}  # fmt: skip
PARTS = re.compile(r"^(?P<base>\w*?[A-Za-z])_?(?P<label>\d+|[xy])$")


def customary(argument: str) -> list[str]:
    """The names that an argument has in formulas, the likeliest first; one with a root stands for a square."""
    found = [argument, *CUSTOMS.get(argument, "").split(", ")]
    parts = PARTS.match(argument)
    if parts:
        found += [f"{name}_{parts['label']}" for name in customary(parts["base"])]
    found += [argument.upper()]
    return [name for name in dict.fromkeys(found) if name]


# what an argument is where a formula does not speak of it: it then says nothing new
NEUTRAL: dict[str, float] = {
    "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "output_padding": 0, "bias": 1, "low": 0, "A": 0, "P": 0,
    "S": 1, "D": 1, "ceil_mode": 0, "start": 0, "end": 1, "lr": 1, "decay": 0, "value": 0, "eps": 0, "dilations": 1,
    "ended": 0, "base": 10000, "step": 1, "gamma1": 1, "gamma2": 1, "beta1": 0, "beta2": 0,
}  # fmt: skip


def neutral(argument: str) -> float | None:
    """What leaves an argument without effect."""
    found = NEUTRAL.get(argument)
    return found if found is not None else NEUTRAL.get(argument.rsplit("_", 1)[0])
