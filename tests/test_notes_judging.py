"""What a note states is right, a dialect, incomplete or wrong; what is no equation of the catalogue, nobody judges."""

from pathlib import Path

import pytest

from conformance.notes.check import judged
from conformance.notes.extract import pieces
from conformance.notes.model import patched


def verdicts(text):
    return [(f.verdict, f.equation, f.dialect) for f in judged(text, pieces(text))]


def note(heading, *lines):
    return f"# {heading}\n\n$$\n" + " \\\\\n".join(lines) + "\n$$\n"


ADAM = note(
    "Adam", r"m_t = \beta_1 m_{t-1} + (1-\beta_1)g_t", r"v_t = \beta_2 v_{t-1} + (1-\beta_2)g_t^2",
    r"\theta_{t} = \theta_{t-1} - \eta \frac{m_t / (1 - \beta_1^t)}{\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}",
)  # fmt: skip


def test_a_system_of_rows_is_right_under_one_reading_of_its_names():
    assert verdicts(ADAM) == [("right", "adam", "")] * 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"\beta_2 v_{t-1} + (", r"\beta_2 v_{t-1} - ("),
        ("m_{t-1}", "m_{t=1}"),
        ("g_t^2", "g_t"),
        (r"\sqrt{v_t / (1 - \beta_2^t)}", r"\sqrt{v_t / (1 - \beta_1^t)}"),
        (r"\theta_{t-1} - ", r"\theta_{t-1} + "),
        ("(1-\\beta_1)g_t", "\\beta_1g_t"),
    ],
)
def test_a_slip_is_found_shown_in_numbers_and_mended_where_it_is(old, new):
    slipped = ADAM.replace(old, new, 1)
    found = [f for f in judged(slipped, pieces(slipped)) if f.verdict == "wrong"]
    assert len(found) == 1
    assert found[0].counterexample["note"] != found[0].counterexample["right"]
    ways = [patched(slipped, way) for way in (found[0].edits, *found[0].choices)]
    assert "".join(ADAM.split()) in ["".join(way.split()) for way in ways]


@pytest.mark.parametrize(
    ("heading", "latex", "verdict"),
    [
        ("RMSprop", r"w_t = w_{t-1} - \frac{\eta}{\sqrt{v_t + \epsilon}} g_t", ("dialect", "rmsprop", "eps-inside")),
        ("Output size", r"O = \frac{I + 2P - K}{S} + 1", ("incomplete", "output_size", "")),
        ("손실 함수", r"MSE = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2", ("right", "mse", "")),
        ("활성화 함수", r"\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}", ("right", "tanh", "")),
        ("Newton", r"x_{n+1} = x_n - \frac{f(x_n)}{f'(x_n)}", ("no opinion", "", "")),
        ("Statistics", r"s^2 = \frac{1}{n-1} \sum_{i=1}^{n} (x_i - \bar{x})^2", ("no opinion", "", "")),
        ("Shannon entropy", r"H = -\sum_{i} p_i \log p_i", ("no opinion", "", "")),
    ],
)
def test_conventions_have_names_and_other_subjects_none(heading, latex, verdict):
    assert verdicts(note(heading, latex)) == [verdict]


def test_two_errors_of_labelled_terms_do_not_cancel():
    parts = r"(f - \mathbb{E}[\hat{f}]^2)^2 + \mathbb{E}[(\mathbb{E}[\hat{f}] - \hat{f})^2] + \mathbb{E}[\epsilon]"
    text = note("Bias and variance", rf"\mathbb{{E}}[(t - \hat{{f}})^2] = {parts}")
    (found,) = judged(text, pieces(text))
    assert found.verdict == "wrong"
    assert r"(f - \mathbb{E}[\hat{f}])^2" in patched(text, found.edits)
    assert r"\mathbb{E}[\epsilon^2]" in patched(text, found.edits)


def test_an_old_accumulation_where_the_new_one_is_due_is_wrong():
    text = note("Momentum", r"a_{t+1} = \beta a_t + g_t", r"W_{t+1} = W_t - \eta a_t")
    assert [f.verdict for f in judged(text, pieces(text))] == ["right", "wrong"]


NOTES = Path(__file__).resolve().parent.parent.parent / "shared" / "notes"
SLIPS = {  # by line: what has to stand there instead
    ("000", 77): r"(f * g)(t) = \int_{-\infty}^{\infty}{f(\gamma)g(t - \gamma)}d\gamma",
    ("000", 121): r"W\overrightarrow{X} = \overrightarrow{X \prime}",
    ("001", 80): r"=\frac{1}{N}\sum^N_{i=1}-2(y_i-wx_i-b)x_i",
    ("001", 81): r"=\frac{1}{N}\sum^N_{i=1}-2(y_i-wx_i-b)",
    ("001", 161): r"\mathbb{E}\left[(f-\mathbb{E}[\hat{f}])^2\right]",
    ("001", 249): r"\sqrt {G_t+\epsilon}",
    ("001", 290): r"m_t = \beta_1 m_{t-1} + (1-\beta_1)g_t",
    ("001", 291): r"v_t = \beta_2v_{t-1} + (1-\beta_2)g_t^2",
    ("001", 382): r"\int f(t-\tau)g(\tau)d\tau",
    ("001", 384): r"\sum_m\sum_n I(i-m,j-n)K(m,n)",
}


@pytest.mark.skipif(not NOTES.is_dir(), reason=f"the study notes are not here: {NOTES} is no folder")
def test_each_wrong_equation_of_the_study_notes_is_found_and_mended_and_no_other():
    found = {}
    for path in sorted(NOTES.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for f in judged(text, pieces(text)):
            if f.verdict == "wrong":
                line = text.count("\n", 0, f.start) + 1
                found[path.name[:3], line] = patched(text, f.edits).splitlines()[line - 1]
                assert f.edits
                assert f.counterexample
    assert found.keys() == SLIPS.keys()
    assert all(right in found[place] for place, right in SLIPS.items())
