"""The same step can be written in many ways, and all of them are the equation."""

import numpy as np

from tests.planted import honest
from tests.planted.numpy_steps import Adam, Momentum, NumpySteps, textbook

honest("adam", form="textbook")(textbook)
honest("adam", "the textbook")(textbook)
honest("adam", "the textbook with a memory")(Adam)
honest("momentum", "one buffer")(Momentum)


@honest("adam", form="torch's rearrangement, with lerp")
def rearranged(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m, v = m + (1 - beta1) * (g - m), beta2 * v + (1 - beta2) * (g * g)
    return w - lr / (1 - beta1**t) * (m / (np.sqrt(v) / (1 - beta2**t) ** 0.5 + eps)), m, v


@honest("adamw", form="decay first")
def decay_first(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    return textbook(w * (1 - lr * weight_decay), g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


@honest("adamw", form="decay last, of the old weight")
def decay_last(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    after, m, v = textbook(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return after - lr * weight_decay * w, m, v


@honest("adamw", form="one update of both, scaled together")
def together(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * (g * g)
    direction = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w - lr * (direction + weight_decay * w), m, v


@honest("rmsprop", form="plain average")
def plain(w, g, v, *, lr, rho, eps):
    v = rho * v + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@honest("momentum", form="the rate prepared in the weights' own dtype")
def own_dtype(w, a, g, *, lr, momentum):
    a = w.dtype.type(momentum) * a + g
    return w - w.dtype.type(lr) * a, a


@honest("adam", "torch's rearrangement, with a lerp")
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    v = v * beta2 + (1 - beta2) * (g * g)
    return w - (lr / (1 - beta1**t)) * (m / (np.sqrt(v) / (1 - beta2**t) ** 0.5 + eps)), m, v


@honest("adamw", "a factor shrinks the weight first")
def _(w, g, m, v, t, *, lr, weight_decay, **hyper):
    return textbook(w * (1 - lr * weight_decay), g, m, v, t, lr=lr, **hyper)


@honest("adamw", "a share of the weight is taken away")
def _(w, g, m, v, t, *, lr, weight_decay, **hyper):
    return textbook(w - lr * weight_decay * w, g, m, v, t, lr=lr, **hyper)


@honest("rmsprop", "the mean moves towards the square")
def _(w, g, v, *, lr, rho, eps):
    v = v + (1 - rho) * (g**2 - v)
    return w - lr * (g / (np.sqrt(v) + eps)), v


@honest("minibatch_gradient", "one by one from the last")
def _(gradients, chosen):
    total = np.zeros_like(gradients[0])
    for i in chosen[::-1]:
        total = total + gradients[i]
    return total / len(chosen)


class Adagrad(NumpySteps):
    """A sum of squares, in every mode."""

    names = ("G",)

    def rule(self, w, g, *, G, lr, eps):
        G = G + g * g
        return w - lr * (g / (np.sqrt(G) + eps)), G


honest("adagrad", "an object with two modes", modes=("loop", "foreach"))(Adagrad)
