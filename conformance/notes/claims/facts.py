"""What is repeated everywhere is true under a condition, and the smallest numbers outside it say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.notes.claims import evidence
from conformance.notes.claims.prose import Prose
from conformance.notes.model import Finding, Verdict

SENTENCE = 300  # letters before a claim in which it may be denied
NO = r"\bnot\b|n't\b|\bnever\b|\bno\b|않|아니|틀린|wrong|myth|오해"


@dataclass(frozen=True)
class Fact:
    """A sentence that people write, what it is about, and what the numbers say."""

    said: re.Pattern[str]
    verdict: Verdict
    reason: str
    equation: str
    shows: Callable[[], dict[str, object]]
    keys: tuple[str, ...]  # one of them is in every note that says it
    under: str = ""  # what a heading above it, or the paragraph, has to speak of
    unless: str = NO


def _says(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE)


FACTS = (
    Fact(
        _says(r"(?:전부|모두|다)\s*더하면\s*1(?!\.?\d)", r"합[은이]\s*(?:항상\s*)?1(?!\.?\d)",
              r"(?:sums?|adds?|summing|adding)\s+(?:up\s+)?to\s+(?:one\b|1(?:\.0)?(?!\.?\d|\s*%))"),
        "right", "the outputs of a softmax add to one", "softmax", evidence.softmax, ("softmax", "소프트맥스"),
        under=r"(?<!log[- _])(?<!log)softmax|소프트맥스",
    ),
    Fact(
        _says(r"(?:outputs?|values?|probabilities)[^.]{0,30}(?:sums?|adds?)\s+(?:up\s+)?to\s+(?:0|zero|100)(?!\.?\d|\s*%)"),
        "wrong", "the outputs of a softmax add to one", "softmax", evidence.softmax, ("softmax",),
        under=r"(?<!log[- _])(?<!log)softmax",
    ),
    Fact(
        _says(r"미지수가?\s*(?:두|2)\s*개(?:인데|이고|에)?[^.]{0,20}식[이은]?\s*(?:네|세|다섯|[345])\s*개[^.]{0,60}구할\s*수\s*있",
              r"(?:three|four|five|[345])\s+(?:linear\s+)?equations\s+(?:in|with|for|and)\s+(?:only\s+)?(?:two|2)\s+unknowns?"
              r"[^.]{0,60}\b(?:can\s+(?:always\s+|generally\s+|usually\s+|easily\s+)?be\s+solved|(?:always|generally|usually)\s+ha(?:s|ve)"
              r"\s+(?:a|one|exactly\s+one)\s+solution|(?:is|are)\s+(?:always|generally|usually)\s+solvable)"),
        "wrong", "more equations than unknowns have no solution but in a special case: the right sides must lie in a plane",
        "inconsistency", evidence.four_equations, ("미지수", "unknowns"), unless=r"\bnot\b|n't\b|\bnever\b|않|없",
    ),
    Fact(
        _says(r"(?:non-?\s?linear한?|비선형)\s*활성화?\s*함수[^.]{0,30}(?:어떠한|어떤|모든)[^.]{0,14}(?:곡선|함수)[^.]{0,12}(?:풀|표현|근사)[^.]{0,4}수\s*있",
              r"\b(?:any|every)\s+non-?\s?linear\s+activation(?:\s+function)?s?\b[^.]{0,80}\b(?:approximat\w+|represents?|fits?|learns?|models?)"
              r"\s+(?:any|every|all|arbitrary)\b"),
        "wrong", "a layer approximates every continuous function if and only if its activation is no polynomial: "
        "with squares it draws parabolas only", "quadratic_network", evidence.squares, ("linear", "비선형"),
    ),
    Fact(
        _says(r"\b(?:one|a|single)\s+non-?\s?linear\s+activation(?:\s+function)?\b[^.]{0,80}\bapproximat\w+\s+(?:any|every|all|arbitrary)\b"),
        "incomplete", "true of an activation that is no polynomial: with squares a layer draws parabolas only",
        "quadratic_network", evidence.squares, ("linear",),
    ),
    Fact(
        _says(r"adadelta\s*에\s*step\s?size만\s*추가",
              r"rms-?prop\b[^.]{0,30}\b(?:is|equals|=)\s+(?:just\s+|simply\s+|only\s+)?adadelta\s+(?:plus|with|and)\s+(?:just\s+|only\s+)?"
              r"an?\s+(?:step\s?size|learning\s+rate)"),
        "wrong", "RMSprop is not Adadelta with a step size: Adadelta's numerator, the mean size of earlier steps, goes too",
        "rmsprop", evidence.adadelta, ("adadelta",), under="rms-?prop",
    ),
    Fact(
        _says(r"데이터\s*(?:2|두)\s*개를?\s*(?:뽑아서?|골라서?|선택해서?)?\s*섞",
              r"\b(?:mix(?:es|ing)?|blend(?:s|ing)?|interpolat(?:es|ing))\s+(?:two|pairs\s+of)\s+(?:samples|images|examples|data(?:\s+points)?|inputs)"),
        "wrong", "label smoothing mixes each target with equal shares for all classes, from one sample; mixing two samples is mixup",
        "label_smoothing", evidence.smoothing, ("label smoothing", "라벨 스무딩", "레이블 스무딩"),
        under=r"label[- ]smoothing|(?:라벨|레이블)\s*스무딩", unless=NO + r"|unlike|mixup\s+(?:is|mixes|blends)",
    ),
    Fact(
        _says(r"(?:transposed\s+convolution|deconvolution)s?\s+(?:is|are)\s+(?:the\s+|an\s+)?(?:exact\s+|true\s+)?inverse",
              r"전치\s?합성곱은\s*합성곱의\s*역(?:연산|함수|변환)(?:이다|입니다)"),
        "wrong", "a transposed convolution gives back the shape of what was convolved, not the values",
        "transposed_convolution_1d", evidence.transposed, ("deconvolution", "transposed", "전치"),
    ),
    Fact(
        _says(r"역\s*관계가\s*아니", r"(?:transposed\s+convolution|deconvolution)s?\s+(?:is|are)\s+not\s+(?:the\s+|an\s+)?(?:exact\s+|true\s+)?inverse"),
        "right", "a transposed convolution gives back the shape of what was convolved, not the values",
        "transposed_convolution_1d", evidence.transposed, ("deconvolution", "transposed", "전치"),
        under="deconvolution|transposed|전치", unless=r"(?!)",
    ),
    Fact(
        _says(r"곡선의?\s*형태의?\s*표현은\s*레이어\s*하나만으로는\s*불가능",
              r"\b(?:single|one)[- ](?:layer\s+)?(?:perceptron|threshold\s+unit|neuron|layer)\s+can(?:not|'t|\s+not)\s+"
              r"(?:represent|learn|compute|solve|model|express)\s+(?:the\s+)?(?:XN?OR|exclusive)\b"),
        "right", "no single threshold unit tells whether two bits agree; two layers do", "exclusive_nor",
        evidence.agreement, ("xor", "xnor", "exclusive"), unless=r"(?!)",
    ),
    Fact(
        _says(r"Linear\s+(?:Operation|Transformation)\s*임을\s*알\s*수\s*있",
              r"\b(?:CNN|convolutional?)\s+layers?\s+(?:is|are)\s+(?:a\s+)?linear\s+(?:operation|transformation|map)s?\b"),
        "incomplete", "linear if and only if it has no bias, and pads with zeros if at all; with a bias it is affine",
        "convolution_1d", evidence.bias, ("linear",), under="CNN|convolution", unless=r"\bnot\b|n't\b|bias|편향",
    ),
    Fact(
        _says(r"zero\s*padding은?[^.]{0,30}(?:input과\s*output|입력과\s*출력)의?\s*(?:space\s*|공간\s*)?(?:dimension|차원|크기)이?\s*(?:서로\s*)?같",
              r"\bzero[- ]padding\s+(?:always\s+)?(?:keeps|preserves)\s+(?:the\s+)?(?:spatial\s+|output\s+)?(?:size|dimensions?)\b"),
        "incomplete", "the sizes are equal if and only if 2P = K - 1, with stride 1 and no dilation", "output_size",
        evidence.padding, ("padding",), unless=NO + r"|stride\s*(?:of\s*)?1|K\s*-\s*1",
    ),
)  # fmt: skip


def facts(prose: Prose) -> Iterator[Finding]:
    """Every place in which a note says one of them."""
    for fact in FACTS:
        if not prose.mentions(*fact.keys):
            continue
        about, unless = re.compile(fact.under, re.IGNORECASE), re.compile(fact.unless, re.IGNORECASE)
        for unit in prose.units:
            heading = any(about.search(title) for title in unit.headings[-1:])
            spoken = about.search(unit.text)
            since = 0 if heading else spoken.start() if spoken else len(unit.text) + 1
            for match in fact.said.finditer(unit.text):
                first = max(unit.text.rfind(". ", max(0, match.start() - SENTENCE), match.start()), match.start() - SENTENCE)
                if since <= match.end() and not unless.search(unit.text, max(first, 0), match.end()):
                    yield prose.finding(unit, match.span(), fact.verdict, fact.reason, fact.equation, fact.shows())
