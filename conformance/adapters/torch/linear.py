"""Claims of torch about linear layers, perceptrons, graphs and embeddings."""

from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional

from conformance.adapters.contract import implements


@implements("linear_map")
def linear_map(W: Tensor, x: Tensor) -> Tensor:
    return W @ x


@implements("affine")
def affine(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return functional.linear(x, W, b)


@implements("affine_stack")
def affine_stack(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    return functional.linear(functional.linear(x, W1, b1), W2, b2)


@implements("perceptron")
def perceptron(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.heaviside(functional.linear(x, w[None], b)[:, 0], torch.zeros((), dtype=x.dtype, device=x.device))


@implements("logic_gate")
def logic_gate(p: Tensor, q: Tensor, *, gate: str) -> Tensor:
    made = torch.logical_and(p, q) if gate in {"and", "nand"} else torch.logical_or(p, q)
    return (made.logical_not() if gate in {"nand", "nor"} else made).to(torch.int64)


@implements("exclusive_nor")
def exclusive_nor(p: Tensor, q: Tensor) -> Tensor:
    return torch.logical_xor(p, q).logical_not().to(torch.int64)


def network(W1: Tensor, W2: Tensor) -> torch.nn.Sequential:
    """A multi-layer perceptron of torch's own modules, as wide as these weights."""
    return torch.nn.Sequential(
        torch.nn.Linear(W1.shape[1], W1.shape[0], device="meta"),
        torch.nn.Sigmoid(),
        torch.nn.Linear(W2.shape[1], W2.shape[0], device="meta"),
    )


@implements("multilayer_perceptron")
def multilayer_perceptron(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    learned = {"0.weight": W1, "0.bias": b1, "2.weight": W2, "2.bias": b2}
    return torch.func.functional_call(network(W1, W2), learned, (x,))  # type: ignore[no-any-return]


@implements("backpropagation")
def backpropagation(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, dy: Tensor) -> tuple[Tensor, ...]:
    b2 = torch.zeros(W2.shape[0], dtype=x.dtype, device=x.device)

    def forwards(*learned: Tensor) -> Tensor:
        return multilayer_perceptron.function(*learned)  # type: ignore[no-any-return]

    backwards = torch.func.vjp(forwards, x, W1, b1, W2, b2)[1]
    return tuple(backwards(dy))


@implements("multilayer_parameters")
def multilayer_parameters(widths: Tensor) -> int:
    layers = [torch.nn.Linear(before, after, device="meta") for before, after in pairwise(widths.tolist())]
    return sum(p.numel() for p in torch.nn.Sequential(*layers).parameters())


@implements("sum_of_distances")
def sum_of_distances(W: Tensor, x: Tensor, points: Tensor) -> Tensor:
    distances: Tensor = torch.linalg.vector_norm(points - W @ x, dim=1)
    return distances.sum()


@implements("binary_decision")
def binary_decision(s: Tensor) -> Tensor:
    return (torch.sigmoid(s) > 0.5).to(s.dtype)


@implements("predicted_class")
def predicted_class(scores: Tensor) -> Tensor:
    return torch.softmax(scores, dim=1).argmax(dim=1)


@implements("graph_propagation")
def graph_propagation(A: Tensor, X: Tensor, W: Tensor) -> Tensor:
    return A @ X @ W


@implements("embedding")
def embedding(words: Tensor, E: Tensor) -> Tensor:
    return functional.embedding(words, E)


@implements("embedding_gradient")
def embedding_gradient(words: Tensor, dy: Tensor, E: Tensor, *, padding: int) -> Tensor:
    def lookup(table: Tensor) -> Tensor:
        return functional.embedding(words, table, padding_idx=padding)

    dE: Tensor = torch.func.vjp(lookup, E)[1](dy)[0]
    return dE


@implements("bert_embedding")
def bert_embedding(words: Tensor, sentences: Tensor, T: Tensor, P: Tensor, S: Tensor) -> Tensor:
    places = torch.arange(len(words), device=words.device)
    return functional.embedding(words, T) + functional.embedding(places, P) + functional.embedding(sentences, S)
