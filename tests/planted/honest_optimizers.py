"""The same step can be written in many ways, and all of them are the equation."""

import numpy as np

from tests.planted import honest
from tests.planted.plain import AdamLoop, convolve, windows


@honest("adam", form="textbook")
def textbook(w, g, m, v, t, *, lr, beta1, beta2, eps):
    return AdamLoop.rule(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


@honest("adam", form="torch's rearrangement, with lerp")
def rearranged(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m, v = m + (1 - beta1) * (g - m), beta2 * v + (1 - beta2) * (g * g)
    return w - lr / (1 - beta1**t) * (m / (np.sqrt(v) / (1 - beta2**t) ** 0.5 + eps)), m, v


@honest("adamw", form="decay first")
def decay_first(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    return AdamLoop.rule(w * (1 - lr * weight_decay), g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


@honest("adamw", form="decay last, of the old weight")
def decay_last(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    after, m, v = AdamLoop.rule(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return after - lr * weight_decay * w, m, v


@honest("rmsprop", form="plain average")
def plain(w, g, v, *, lr, rho, eps):
    v = rho * v + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@honest("momentum", form="the rate prepared in the weights' own dtype")
def own_dtype(w, a, g, *, lr, momentum):
    a = w.dtype.type(momentum) * a + g
    return w - w.dtype.type(lr) * a, a


@honest("convolution_1d", form="im2col")
def im2col(x, w, b, *, stride, padding, dilation, groups):
    seen = windows(np.pad(x, ((0, 0), (0, 0), (padding, padding))), [w.shape[2]], [stride], [dilation])
    N, _, P, K = seen.shape
    A, B = w.shape[1], w.shape[0] // groups
    columns = seen.transpose(0, 2, 1, 3).reshape(N, P, groups, A * K)
    return np.einsum("npga,gba->ngbp", columns, w.reshape(groups, B, A * K)).reshape(N, groups * B, P) + b[:, None]


@honest("convolution_2d", form="tensordot over windows")
def direct(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    return convolve(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)
