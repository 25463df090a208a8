"""What the prose of a note claims, and what the catalogue's equations say to it."""

import time

import pytest

from conformance.notes.claims import claims
from conformance.notes.claims.facts import FACTS
from conformance.notes.model import patched
from reference.catalogue import CATALOGUE

SAID = {
    "With 1000 samples and a batch size of 10, an epoch is 100 iterations.": "right",
    "With 1,000 samples and a batch size of 10, an epoch is 10 iterations.": "wrong",
    "With 1000 training examples in batches of 300 there are 4 updates.": "right",
    "With 1000 training examples in batches of 300 there are 3 updates, the last being dropped.": "right",
    "With 1000 samples, batch size 10 and 5 epochs, there are 500 iterations in all.": "right",
    "1000개로 구성된 데이터에서 배치 사이즈를 100으로 하면 10번의 가중치가 업데이트된다.": "right",
    "1000개로 구성된 데이터에서 배치 사이즈를 100으로 하면 100번의 가중치가 업데이트된다.": "wrong",
    "A 3x2 weight matrix has 2 basis vectors.": "right",
    "The softmax outputs sum to 1.": "right",
    "The softmax outputs sum to 1.5 there, and to 10 here.": None,
    "Take a 3x2 matrix. The matrix has 3 columns.": "wrong",
    "Take a 3x2 matrix. The matrix has 2 columns.": "right",
    "- 3x2 가중치 행렬을 보자\n- 가중치 행렬은 총 3개의 basis vector(a1, a2)를 가진다": "wrong",
    "The 3x4 **가중치** 행렬을 4개의 기저 벡터로 본다": "right",
    "3x2 가중치 행렬, 2x1 데이터 벡터를 통해 2개의 클래스를 구분": "wrong",
    "3x2 가중치 행렬, 2x1 데이터 벡터를 통해 3개의 클래스를 구분": "right",
    "(32 + 2P - K) / S + 1 = 28\n\nS 는 주로 1\n\nP = 0\n\nK = 5": "right",
    "(32 + 2P - K) / S + 1 = 28\n\nS = 1, P = 0, K = 3": "wrong",
    "(32 + 2P - K) / S + 1 = 28": None,
    "The outputs of a softmax always sum to one.": "right",
    "The softmax outputs sum to 100.": "wrong",
    "The log-softmax outputs do not sum to 1.": None,
    "softmax: 확률이므로 모두 더하면 1이 된다": "right",
    "Four equations in two unknowns can always be solved.": "wrong",
    "Four equations in two unknowns cannot generally be solved.": None,
    "Two equations in two unknowns can usually be solved.": None,
    "미지수가 두개인데 식이 네개라서 특별한 경우가 아니면 구할 수 있다": "wrong",
    "Any nonlinear activation lets a network approximate every function.": "wrong",
    "It is a myth that any nonlinear activation approximates every function.": None,
    "A network with a nonlinear activation can approximate any function.": "incomplete",
    "비선형 활성화 함수를 쓰면 어떤 함수도 근사할 수 있다": "wrong",
    "RMSprop is Adadelta with a step size.": "wrong",
    "## RMSprop\n\n- adadelta에 stepsize만 추가": "wrong",
    "## Adam\n\n- adadelta에 stepsize만 추가": None,
    "Label smoothing mixes two samples.": "wrong",
    "Unlike label smoothing, mixup mixes two samples.": None,
    "## Label Smoothing\n\n- 데이터 2개를 뽑아서 섞음": "wrong",
    "## Mixup\n\n- 데이터 2개를 뽑아서 섞음": None,
    "A transposed convolution is the inverse of a convolution.": "wrong",
    "A transposed convolution is not the inverse of a convolution.": "right",
    "A single-layer perceptron cannot learn XOR.": "right",
    "A convolutional layer is a linear operation.": "incomplete",
    "A convolutional layer without bias is linear.": None,
    "Zero padding preserves the size.": "incomplete",
    "With a stride of 1, zero padding preserves the size if 2P = K - 1.": None,
    "```\nThe softmax outputs sum to 100.\n```": None,
    "<!-- The softmax outputs sum to 100. -->": None,
}


@pytest.mark.parametrize("text", SAID)
def test_a_claim_is_judged_by_the_catalogue(text):
    found = claims(text)
    assert [f.verdict for f in found] == ([SAID[text]] if SAID[text] else [])
    for finding in found:
        assert finding.equation in CATALOGUE
        assert bool(finding.counterexample) == (finding.verdict != "right")
        assert 0 <= finding.start < finding.end <= len(text)


HOSTILE = [
    "softmax sums to 1, " * 20_000, "a 3x2 matrix has 2 columns, the matrix has 3 columns, " * 5_000,
    "softmax " * 50_000,
    "1000 samples " * 20_000 + "batch size 10", "four equations in two unknowns " * 10_000,
    "3x2 matrix\n\n" * 10_000,
    "batch " + "1" * 100_000 + " samples", "(32 + 2P - K) / S + 1 = 28 " * 10_000, "> " * 100_000 + "adadelta",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_no_prose_takes_long(text):
    start = time.process_time()
    claims(text)
    assert time.process_time() - start < 4


def test_a_number_is_mended_only_where_the_text_says_which_of_its_numbers_is_the_slip():
    text = "Take a 3x2 matrix. The matrix has 3 columns (w1, w2)."
    (finding,) = claims(text)
    assert patched(text, finding.edits) == text.replace("3 columns", "2 columns")
    (finding,) = claims("Take a 3x2 matrix. The matrix has 3 columns.")
    assert not finding.edits
    assert [[edit.text for edit in choice] for choice in finding.choices] == [["2"]]


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f"{f.equation}-{f.verdict}")
def test_the_numbers_of_a_fact_come_from_an_equation_that_is_there(fact):
    assert fact.equation in CATALOGUE
    assert fact.shows()


def test_the_numbers_refute_what_is_said():
    said = {f.equation: f.shows() for f in FACTS}
    assert said["inconsistency"]["det([A b]^T [A b])"] == 6
    assert said["quadratic_network"]["third difference of any such network"] == 0
    assert said["rmsprop"]["RMSprop"] != said["rmsprop"]["Adadelta times the step size"]
    assert said["transposed_convolution_1d"]["and back"] == [3, 8, 5]
    assert said["output_size"]["O"] == 30
