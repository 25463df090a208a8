"""Names that are words, and signs that are functions, whoever writes them."""

from __future__ import annotations

LETTERS = frozenset(
    r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma \tau "
    r"\upsilon \phi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Phi \Psi \Omega \Sigma \ell \infty \partial "
    r"\hbar \Re \Im \emptyset \aleph".split()
)  # fmt: skip
HOLE = r"\aleph"  # stands where something is missing, so that the rest can be read
FONTS = frozenset(
    r"\mathcal \mathbf \mathrm \mathbb \boldsymbol \bm \mathit \mathsf \textbf \textit \pmb \vec \overrightarrow "
    r"\mathscr \mathfrak \bold \bf \rm \cal \it \mathtt \emph \underline \color".split()
)  # fmt: skip
CURLED = {r"\mathcal": "cal", r"\mathscr": "cal", r"\cal": "cal", r"\mathbb": "bb", r"\mathfrak": "frak"}
ACCENTS = {
    r"\hat": "hat", r"\widehat": "hat", r"\tilde": "tilde", r"\widetilde": "tilde", r"\bar": "bar", r"\overline": "bar",
    r"\dot": "dot", r"\ddot": "ddot", r"\check": "check", r"\breve": "breve",
}  # fmt: skip
TEXTS = frozenset(r"\text \textrm \mbox \textnormal \texttt \textsf \operatorname \operatorname* \mathop".split())
FUNCTIONS = {  # what is one function everywhere
    r"\log": "ln", r"\ln": "ln", r"\exp": "exp", r"\tanh": "tanh", r"\sin": "sin", r"\cos": "cos", r"\tan": "tan",
    r"\sinh": "sinh", r"\cosh": "cosh", r"\det": "det", r"\max": "max", r"\min": "min", r"\arctan": "arctan",
    r"\sup": "max", r"\inf": "min", r"\erf": "erf",
    "log": "ln", "ln": "ln", "exp": "exp", "tanh": "tanh", "sin": "sin", "cos": "cos", "max": "max", "min": "min",
    "sigmoid": "sigmoid", "Sigmoid": "sigmoid", "sigm": "sigmoid", "softmax": "softmax", "Softmax": "softmax",
    "SoftMax": "softmax", "ReLU": "relu", "relu": "relu", "Relu": "relu", "ReLu": "relu", "sign": "sign", "sgn": "sign",
    "sqrt": "root", "abs": "absolute", "det": "det", "erf": "erf", "softplus": "softplus", "Softplus": "softplus",
    "diag": "diag", "argmax": "argmax", "argmin": "argmin",
    "arg max": "argmax", "arg min": "argmin", "Concat": "Concat", "concat": "Concat",
    "logsoftmax": "logsoftmax", "LogSoftmax": "logsoftmax", "mean": "mean", "floor": "floor", "ceil": "ceil",
    "clip": "clip", "or": "or", "and": "and", "nor": "nor", "nand": "nand",
}  # fmt: skip
WORDS = frozenset(
    "loss Loss cost Cost bias Bias output Output input Input variance Variance noise Noise lr RMSE MSE MAE BCE CE "
    "total net new old in out cache eps pad stride momentum velocity Attention MultiHead KL JS JSD target pred Var var "
    "Cov RMS train test val gap size head LayerNorm BatchNorm BN LN FFN MLP GRU LSTM RNN FLOPs params error Error grad "
    "weight weights ELBO GAN NLL SE SSE MSLE acc std Std sum avg model where if for otherwise Given given and "
    "kernel padding filter width height step decay rate score reg lambda alpha beta gamma eta theta sigma mu rho tau "
    "PE pos run mov ema bn OH OW FH FW kH kW wd ks "
    "self norm real fake enc dec ELU SELU GELU SiLU Swish Mish NMSE recon ensemble dropout mask dw db dW dx dy dz "
    "Tr tr rank span dim Pr argmax argmin CELoss MSELoss TP FP FN TN sim dist epoch batch label smooth".split()
) | frozenset(name for name in FUNCTIONS if name[0] != "\\")  # fmt: skip
RELATIONS = frozenset(
    r"= \leftarrow \to \approx \sim \propto \le \ge < > \in \Rightarrow \implies \ne \iff \simeq \cong \ll \gg \subset "
    r"\subseteq \notin \ni \leftrightarrow \Leftrightarrow \mapsto \succ \prec \perp \gtrsim \lesssim :=".split()
)  # fmt: skip
EQUALS = frozenset(["=", r"\leftarrow", ":="])
TIMES = frozenset([r"\cdot", r"\times", r"\odot", "*", r"\star"])
APPLIED = frozenset("f g F G H I K J L D P p q Q N R V h phi psi sigma Phi Psi ell X Y".split())  # names of functions
COORDINATES = frozenset("a t n i j k m l s u v r c d x y z tau omega".split())  # letters that number, or measure time
