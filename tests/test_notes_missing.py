"""What is missing in a note is filled in as its author would have written it."""

import pytest

from conformance.notes.check import judged
from conformance.notes.extract import pieces
from conformance.notes.lines import block_of
from conformance.notes.model import patched

GRU = (
    r"z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{t-1} + b_{hz})",
    r"n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))",
    r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
)
LSTM = (
    r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)",
    r"i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i)",
    r"\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)",
    r"C_t = f_t * C_{t-1} + i_t * \tilde{C}_t",
    r"o_t = \sigma(W_o \cdot [h_{t-1}, x_t] + b_o)",
    r"h_t = o_t * \tanh(C_t)",
)


def displayed(heading: str, *rows: str) -> str:
    """A note with one display under a heading."""
    return f"# {heading}\n\n$$\n" + " \\\\\n".join(rows) + "\n$$\n"


def mended(heading: str, *rows: str) -> list[str]:
    """The rows of one display after the one repair of each wrong one."""
    text = displayed(heading, *rows)
    edits = [e for f in judged(text, pieces(text)) if f.verdict == "wrong" for e in f.edits]
    return [row.removesuffix(r" \\") for row in patched(text, edits).splitlines()[3:-1]]


@pytest.mark.parametrize(
    ("heading", "written", "meant"),
    [
        (
            "Softmax",
            r"\sigma(z)_i = \frac{e^{z_i}}{\sum^K_{j=1} }",
            r"\sigma(z)_i = \frac{e^{z_i}}{\sum^K_{j=1} e^{z_j}}",
        ),
        (
            "Mean absolute error",
            r"L = \frac{1}{N} \sum_{i=1}^{N} \left| \hat{y}_i - \right|",
            r"L = \frac{1}{N} \sum_{i=1}^{N} \left| \hat{y}_i -y_i \right|",
        ),
        (
            "Categorical cross entropy",
            r"L = -\frac{1}{N} \sum_{i=1}^{N} \sum_{d=1}^{D} \log \hat{y}_i^{(d)}",
            r"L = -\frac{1}{N} \sum_{i=1}^{N} \sum_{d=1}^{D} y_i^{(d)}\log \hat{y}_i^{(d)}",
        ),
        (
            "Binary cross entropy",
            r"L = \frac{1}{N} \left( -y_i \ln p_i - (1 - y_i) \ln(1 - p_i) \right)",
            r"L = \frac{1}{N}\sum_{i=1}^N \left( -y_i \ln p_i - (1 - y_i) \ln(1 - p_i) \right)",
        ),
        (
            "Output size",
            r"n_{out} = \left\lfloor \frac{n_{in} + 2p }{s} \right\rfloor + 1",
            r"n_{out} = \left\lfloor \frac{n_{in} + 2p -k}{s} \right\rfloor + 1",
        ),
        (
            "Softmax",
            r"\hat{y}_k = \frac{\exp(o_j)}{\sum_{j} \exp(o_j)}",
            r"\hat{y}_k = \frac{\exp(o_k)}{\sum_{j} \exp(o_j)}",
        ),
        (
            "tanh",
            r"\tanh(x) = \frac{e^x - e^{-x}}{\sqrt{e^x + e^{-x}}}",
            r"\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}",
        ),
    ],
)
def test_what_a_formula_needs_is_added_where_it_is_missing(heading, written, meant):
    assert mended(heading, written) == [meant]
    assert mended(heading, meant) == [meant]


def test_a_weight_that_is_missing_is_called_as_its_like_is():
    missing = r"r_t = \sigma( b_{ir} + W_{hr} h_{t-1} + b_{hr})"
    assert mended("GRU", missing, *GRU)[0] == r"r_t = \sigma( W_{ir}x_t +b_{ir} + W_{hr} h_{t-1} + b_{hr})"


@pytest.mark.parametrize(("row", "right", "slip"), [(1, "x_t]", "x_{t+1}]"), (5, "o_t *", "o_{t-1} *")])
def test_the_one_line_out_of_step_is_mended_and_no_other(row, right, slip):
    rows = [r.replace(right, slip) if k == row else r for k, r in enumerate(LSTM)]
    found = mended("LSTM", *rows)
    assert [k for k in range(len(LSTM)) if found[k] != rows[k]] == [row]
    assert found[row].replace("{t}", "t") == LSTM[row]


def test_a_gate_keeps_its_role():
    rows = [r.replace(r"o_t = \sigma", r"o_t = \tanh") for r in LSTM]
    assert mended("LSTM", *rows) == list(LSTM)


def test_an_update_by_an_arrow_gets_no_steps_of_time():
    velocity = r"v \leftarrow \alpha v - \eta \frac{\partial L}{\partial W}"
    assert mended("Momentum", velocity, r"W \leftarrow v")[1] == r"W \leftarrow W+v"


def test_what_cannot_be_read_and_resembles_nothing_stays_unread():
    text = "# Weather\n\n$$q = \\frac{a + }{b}$$\n"
    (found,) = judged(text, pieces(text))
    assert (found.verdict, found.reason[:18]) == ("no opinion", "it cannot be read:")


def test_a_hole_is_no_name():
    (piece,) = pieces("$$q = \\frac{a + }{b}$$\n")
    (line,) = block_of(piece).lines
    assert line.why
    assert line.amiss
    assert all("aleph" not in sight.atoms for _, sight in line.seen)
