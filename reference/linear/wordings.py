"""What layers and first weights are, as books and course notes write it."""

import numpy as np

from reference.activations.sigmoid import sigmoid
from reference.linear.affine import affine_stack, linear_map
from reference.linear.approximation import rectifier_interpolant
from reference.linear.classifier import binary_decision, predicted_class
from reference.linear.embedding import bert_embedding
from reference.linear.graph import graph_propagation
from reference.linear.initialization import he_normal, signal_variance, uniform_weights, xavier_normal, xavier_uniform
from reference.linear.multilayer import multilayer_perceptron
from reference.linear.perceptron import WEIGHTS, exclusive_nor, fires, logic_gate, perceptron
from reference.linear.systems import least_squares

ROWS = {"W_1": lambda W1: W1.T, "W_2": lambda W2: W2.T}  # weights with a row for each input
BITS = {"x_1": "p", "x_2": "q"}
STEP = BITS | {"H": lambda: fires}


linear_map.wording(r"W x = \sum_{j=1}^n x_j w_j", symbols={"w": lambda W: W.T})
affine_stack.wording(r"y = (x W_1 + b_1) W_2 + b_2 = x W_1 W_2 + b_1 W_2 + b_2", symbols=ROWS)
affine_stack.wording(r"W_2 (W_1 x + b_1) + b_2 = W_2 W_1 x + W_2 b_1 + b_2")

multilayer_perceptron.wording(r"y = W_2 \max(0, W_1 x + b_1) + b_2", dialect="rectifier")
multilayer_perceptron.wording(r"y = W_2 \max(0, W_1 x)", dialect="rectifier")
multilayer_perceptron.wording(r"y = \max(0, x W_1 + b_1) W_2 + b_2", dialect="rectifier", symbols=ROWS)
multilayer_perceptron.wording(r"h = \operatorname{ReLU}(W_1 x + b_1) \\ y = W_2 h + b_2", dialect="rectifier")
multilayer_perceptron.wording(r"y = \sigma(W_2 \sigma(W_1 x + b_1) + b_2)", dialect="sigmoid at the end")
multilayer_perceptron.wording(
    r"z_1 = W_1 x + b_1 \\ a_1 = \sigma(z_1) \\ z_2 = W_2 a_1 + b_2 \\ \hat{y} = \sigma(z_2)",
    dialect="sigmoid at the end",
)
multilayer_perceptron.wording(
    r"y_k = \sigma\left( \sum_{j=1}^M w_{kj} \sigma\left( \sum_{i=1}^D v_{ji} x_i + b_j \right) + c_k \right)",
    dialect="sigmoid at the end", symbols={"w": "W2", "v": "W1", "b": "b1", "c": "b2"},
)  # fmt: skip


def only(name):
    """The one gate of which it speaks."""
    return lambda gate: {"gate": name}


conjunction = only("and")


perceptron.wording(r"y = \begin{cases} 1 & w^T x + b > 0 \\ 0 & \text{otherwise} \end{cases}")
perceptron.wording(r"y = \begin{cases} 1 & \sum_i w_i x_i + b > 0 \\ 0 & \text{otherwise} \end{cases}")
perceptron.wording(
    r"y = \begin{cases} 1 & w^T x + b \ge 0 \\ 0 & \text{otherwise} \end{cases}", dialect="fires on the plane"
)
logic_gate.wording(
    r"y = \begin{cases} 0 & w_1 x_1 + w_2 x_2 \le \theta \\ 1 & w_1 x_1 + w_2 x_2 > \theta \end{cases}",
    symbols=BITS | {r"\theta": lambda gate: -WEIGHTS[gate][2]},
)
logic_gate.wording(
    r"y = \begin{cases} 1 & 0.5 x_1 + 0.5 x_2 - 0.7 > 0 \\ 0 & \text{otherwise} \end{cases}",
    symbols=BITS, given=conjunction,
)  # fmt: skip
logic_gate.wording(r"y = H(2 x_1 + 2 x_2 - 3)", symbols=STEP, given=conjunction)
logic_gate.wording(r"y = H(2 x_1 + 2 x_2 - 1)", symbols=STEP, given=only("or"))
logic_gate.wording(r"y = H(-2 x_1 - 2 x_2 + 3)", symbols=STEP, given=only("nand"))
logic_gate.wording(r"y = H(-2 x_1 - 2 x_2 + 1)", symbols=STEP, given=only("nor"))
exclusive_nor.wording(
    r"h_1 = H(2 x_1 + 2 x_2 - 3) \\ h_2 = H(-2 x_1 - 2 x_2 + 1) \\ y = H(2 h_1 + 2 h_2 - 1)", symbols=STEP
)
binary_decision.wording(
    r"\hat{y} = \begin{cases} 1 & \sigma(w^T x + b) > \frac{1}{2} \\ 0 & \text{otherwise} \end{cases}",
    symbols={"w^T x + b": "s"},
)
predicted_class.wording(
    r"c = \operatorname{argmax}_k \frac{e^{s_k}}{\sum_j e^{s_j}} = \operatorname{argmax}_k s_k"
)

MOMENTS = {r"\operatorname{Var}(w)": "variance", r"\mathbb{E}[x^2]": lambda x: np.mean(x**2), "n": "I"}
signal_variance.wording(r"\operatorname{Var}(y) = n \operatorname{Var}(w) \mathbb{E}[x^2]", symbols=MOMENTS)
signal_variance.wording(
    r"\operatorname{Var}\left(\sum_{i=1}^n w_i x_i\right) = n \operatorname{Var}(w) \mathbb{E}[x^2]", symbols=MOMENTS
)

LAYERS = {"n_l": "inputs", "n_{l+1}": "outputs"}
uniform_weights.wording(
    r"w = -a + 2 a u", symbols={"a": "high"}, given=lambda high: {"low": -abs(high), "high": abs(high)}
)
xavier_uniform.wording(r"W \sim U(-a, a) \\ a = \sqrt{\frac{6}{n_{in} + n_{out}}}")
xavier_uniform.wording(
    r"W \sim U\left(-\sqrt{\frac{6}{n_l + n_{l+1}}}, \sqrt{\frac{6}{n_l + n_{l+1}}}\right)", symbols=LAYERS
)
xavier_uniform.wording(
    r"W \sim U\left(-\sqrt{\frac{6}{n_{in} + n_{out}}}, \sqrt{\frac{6}{n_{in} + n_{out}}}\right)"
)
xavier_normal.wording(r"W \sim \mathcal{N}\left(0, \frac{2}{n_{in} + n_{out}}\right)")
xavier_normal.wording(r"W \sim \mathcal{N}(0, \sigma^2) \\ \sigma = \sqrt{\frac{2}{n_{in} + n_{out}}}")
xavier_normal.wording(r"W \sim \mathcal{N}\left(0, \frac{2}{n_l + n_{l+1}}\right)", symbols=LAYERS)
he_normal.wording(r"W \sim \mathcal{N}(0, \sigma^2) \\ \sigma = \sqrt{\frac{2}{n_{in}}}")
he_normal.wording(r"W \sim \mathcal{N}\left(0, \frac{2}{n_{in}}\right)")
he_normal.wording(r"W_l \sim \mathcal{N}\left(0, \frac{2}{n_{l-1}}\right)", symbols={"n_{l-1}": "inputs", "W_l": "w"})
he_normal.wording(r"W \sim \mathcal{N}(0, \sigma^2) \\ \sigma = \sqrt{\frac{1}{n_{in}}}", dialect="LeCun")


def looped(A):
    """The graph in which each node is its own neighbour."""
    return A + np.eye(len(A))


graph_propagation.wording(  # with the bend that follows
    r"H' = \sigma(\tilde{D}^{-1/2} \tilde{A} \tilde{D}^{-1/2} H W)", dialect="symmetric normalisation",
    symbols={
        "H": "X", "H'": lambda Y_after: sigmoid(Y_after), r"\tilde{A}": looped,
        r"\tilde{D}": lambda A: np.diag(np.sum(looped(A), axis=1)),
    },
)  # fmt: skip
bert_embedding.wording(
    r"E = E_{token} + E_{segment} + E_{position}",
    symbols={
        "E_{token}": lambda words, T: T[words], "E_{segment}": lambda sentences, S: S[sentences],
        "E_{position}": lambda words, P: P[: len(words)],
    },
)  # fmt: skip
for coefficients in (r"\hat{\beta}", r"\theta"):
    least_squares.wording(rf"{coefficients} = (X^T X)^{{-1}} X^T y", symbols={"X": "A", "y": "b"})
least_squares.wording(r"X^T X \hat{x} = X^T y", symbols={"X": "A", "y": "b"})
rectifier_interpolant.wording(  # by the slopes of its pieces, of which the one before the first is 0
    r"t_k = a + \sum_{j=0}^{k-1} d_j \\ "
    r"N(t) = v_0 + \sum_{k=0}^{K-1} (m_k - m_{k-1}) \max(0, t - t_k)",
    symbols={"m": lambda gaps, values: lambda k: (values[k + 1] - values[k]) / gaps[k] if k >= 0 else 0.0},
)
