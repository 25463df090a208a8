"""Pooling without padding needs no more than the window and how far it moves."""

from reference.pooling.average import average_pooling_2d
from reference.pooling.largest import max_pooling_2d
from reference.pooling.sizes import pooling_output_size

BARE = {"k_H": "kernel_y", "k_W": "kernel_x", "s_H": "stride_y", "s_W": "stride_x"}
max_pooling_2d.wording(
    r"y(n, c, h, w) = \max_{i=0, \dots, k_H-1} \max_{j=0, \dots, k_W-1} x(n, c, s_H h + i, s_W w + j)", symbols=BARE
)
average_pooling_2d.wording(
    r"y(n, c, h, w) = \frac{1}{k_H k_W} \sum_{i=0}^{k_H-1} \sum_{j=0}^{k_W-1} x(n, c, s_H h + i, s_W w + j)", symbols=BARE
)
SQUARE = {"K": ("kernel_y", "kernel_x"), "S": ("stride_y", "stride_x")}
max_pooling_2d.wording(r"y_{i,j} = \max_{0 \le u < K, 0 \le v < K} x_{i S + u,j S + v}", symbols=SQUARE)
average_pooling_2d.wording(
    r"y_{i,j} = \frac{1}{K^2} \sum_{u=0}^{K-1} \sum_{v=0}^{K-1} x_{i S + u,j S + v}", symbols=SQUARE
)
pooling_output_size.wording(r"W_2 = \lfloor (W_1 - F) / S \rfloor + 1", symbols={"W_1": "I", "F": "kernel"})
