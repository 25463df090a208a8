"""Q-learning: the worth of an action is its reward and the worth of the best action after it."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, bit, decay, real

NOTE = Note("001_468a25992c418006.md", line=40)
MNIH = Paper("Mnih et al. 2013, Playing Atari with Deep Reinforcement Learning", "Algorithm 1", "https://arxiv.org/abs/1312.5602")
SUTTON = Paper("Sutton & Barto 2018, Reinforcement Learning: An Introduction", "equation 6.8", "http://incompleteideas.net/book/the-book-2nd.html")


@equation(
    latex=r"y_n = r_n + \gamma (1 - e_n) \max_a Q_{n,a}",
    sources=[MNIH, SUTTON, NOTE],
    domain=dict(reward=Array(real, "N"), q=Array(real, "N A"), ended=Array(bit, "N"), discount=decay),
    outputs=("target",),
)
def q_target(reward, q, ended, *, discount):
    """Repeated with any values to begin with, it comes to the one solution of Bellman's equation, γ times nearer a step.

    Row n of `q` has the worths of the actions in the state that follows; `ended` is 1 where nothing follows.
    """
    return reward + discount * (1 - ended) * np.max(q, axis=1)


@q_target.dialect(
    "endless",
    latex=r"y_n = r_n + \gamma \max_a Q_{n,a}",
    sources=[SUTTON],
    differs="the state after the end is not told apart: its worths have to be 0 in the table",
    telling=dict(reward=np.array([0.0]), q=np.array([[1.0]]), ended=np.array([1]), discount=0.5),
)
def _(reward, q, ended, *, discount):
    return reward + discount * np.max(q, axis=1)


@q_target.law("two tables come nearer to each other by the factor γ at least", by="rationals")
def _(f, reward, q, other, ended, *, discount):
    apart = np.abs(f(reward, q, ended, discount=discount) - f(reward, other, ended, discount=discount))
    bound = discount * np.max(np.abs(q - other), axis=1)
    return np.maximum(apart, bound), bound


@q_target.law("a constant added to all worths adds γ times it", when="the game goes on",
              outside=dict(reward=np.array([0.0]), q=np.array([[0.0]]), ended=np.array([1]), constant=1.0, discount=0.5))  # fmt: skip
def _(f, reward, q, ended, constant, *, discount):
    return f(reward, q + constant, ended, discount=discount), f(reward, q, ended, discount=discount) + discount * constant


q_target.wording(r"y = r + \gamma \max_a Q(s, a)", symbols={"Q": lambda q: q, "s": lambda: 1})
for parameters in (r"\theta", r"\theta^-", r"\theta_i^-"):
    q_target.wording(
        rf"y = r + \gamma \max_{{a'}} Q(s', a'; {parameters})", dialect="endless",
        symbols={"Q": lambda q: q[0][None, :, None], "s'": lambda: 1, parameters: lambda: 1},
    )  # fmt: skip
