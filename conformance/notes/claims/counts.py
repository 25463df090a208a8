"""Counts in a sentence are an equation whose sides are words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from conformance.notes.claims.prose import Prose, Unit, computed, whole
from conformance.notes.model import Edit, Finding

NUMBER = r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,9})(?![\d]|[.,]\d)"
SAMPLES = re.compile(
    NUMBER + r"\s*(?:개로\s*구성된\s*(?:데이터|샘플)|개의\s*(?:학습\s*)?(?:데이터|샘플|이미지)"
    r"|(?:training\s+)?(?:samples|examples|images|data\s*points)\b)",
    re.IGNORECASE,
)
BATCH = re.compile(
    r"(?:batch[ -]?sizes?|배치\s*(?:사이즈|크기))\s*(?:of|is|=|:|가|를|을|이|은|는)?\s*" + NUMBER
    + r"|batches\s+of\s+(?:size\s+)?" + NUMBER,
    re.IGNORECASE,
)  # fmt: skip
EPOCHS = re.compile(
    r"(?:epochs?|에포크|에폭)\s*(?:이|가|is|=|:|of)?\s*" + NUMBER + "|" + NUMBER + r"\s*(?:epochs\b|에포크|에폭)",
    re.IGNORECASE,
)
UPDATES = re.compile(
    NUMBER + r"\s*(?:번의?\s*(?:가중치|업데이트|이터레이션|iterations?)"
    r"|(?:weight\s+|parameter\s+|gradient\s+)?(?:iterations|updates|steps|batches)\b(?!\s+of))",
    re.IGNORECASE,
)
MATRIX = re.compile(
    r"(?<![\dx×])(\d{1,3})\s?[xX×]\s?(\d{1,3})(?!\s?[xX×]?\d)\s*(?:weight\s+|가중치\s*)?(?:matrix|행렬)", re.IGNORECASE
)
VECTORS = re.compile(
    r"(?:weight\s+matrix|가중치\s*행렬|matrix|행렬)(?:은|는|이|을|를)?\s*(?:총|has|with|have|contains)?\s*" + NUMBER
    + r"\s*(?:개의\s*)?(?:basis|columns?\b|기저|열\s?벡터)",
    re.IGNORECASE,
)  # fmt: skip
CLASSES = re.compile(
    r"(?<![\dx×])(\d{1,3})\s?[xX×]\s?(\d{1,3})\s*가중치\s*행렬,?\s*\2\s?[xX×]\s?1\s*데이터\s*벡터를?[^.]{0,20}?"
    + NUMBER
    + r"\s*개의\s*(?:class|클래스)",
    re.IGNORECASE,
)  # fmt: skip
NAMES = re.compile(r"\(\s*([A-Za-z]\w?(?:\s*,\s*[A-Za-z]\w?)+)\s*\)")  # (w1, w2)
ASKED = re.compile(r"(?:클래스|class)\s*(?:개수|수)\s*(?:는|은|가|이)?\s*(\d{1,4})", re.IGNORECASE)
PUZZLE = re.compile(r"\(\s*(\d{1,5})\s*\+\s*2\s*\*?P\s*-\s*K\s*\)\s*/\s*S\s*\+\s*1\s*=\s*(\d{1,5})")
LETTER = r"\b{}\b\s*(?:=|는|은|is)\s*(?:주로|여기서는|usually|here)?\s*(\d{{1,4}})\b"
NEAR = 300  # characters in which the numbers of one statement stand


def updates(prose: Prose) -> Iterator[Finding]:
    """Samples, batch size, updates: an epoch has as many updates as batches."""
    if not prose.mentions("batch", "배치"):
        return
    for unit in prose.units:
        samples, batches = list(SAMPLES.finditer(unit.text)), list(BATCH.finditer(unit.text))
        if len(samples) != 1 or len(batches) != 1:
            continue
        after = max(samples[0].end(), batches[0].end())
        said = UPDATES.search(unit.text, after, after + NEAR)
        epochs = [_number(m) for m in EPOCHS.finditer(unit.text, samples[0].start(), after + NEAR)]
        n, b = _number(samples[0]), _number(batches[0])
        if said and 0 < b <= n and len(set(epochs)) <= 1:
            first = min(samples[0].start(), batches[0].start())
            yield _judged(prose, unit, (first, said.end()), said, n, b, epochs[0] if epochs else 1)


def _judged(
    prose: Prose, unit: Unit, span: tuple[int, int], said: re.Match[str], samples: int, batch: int, epochs: int
) -> Finding:
    each = whole("updates_per_epoch", samples=samples, batch=batch)
    total = whole("training_iterations", samples=samples, batch=batch, epochs=epochs)
    known = {each, total, samples // batch, epochs * (samples // batch)}
    value = _number(said)
    words = f"{samples} samples in batches of {batch} are {each} updates an epoch"
    words += f", {total} in {epochs} epochs" if epochs > 1 else ""
    numbers = {"samples": samples, "batch": batch, "updates": each, "the text": value}
    if value in known:
        return prose.finding(unit, span, "right", words, "updates_per_epoch", numbers)
    found = prose.finding(unit, span, "wrong", words, "updates_per_epoch", numbers)
    return replace(found, choices=tuple((_instead(unit, said, 1, value),) for value in sorted(known)))


def columns(prose: Prose) -> Iterator[Finding]:
    """A matrix has as many column vectors as inputs."""
    if not prose.mentions("matrix", "행렬"):
        return
    before: set[tuple[str, str]] = set()
    for unit in prose.units:
        here = {(m[1], m[2]) for m in MATRIX.finditer(unit.text)}
        near, before = before | here, here
        for said in VECTORS.finditer(unit.text) if len(near) == 1 else ():
            rows, count = map(int, *near)
            if not (0 < rows * count <= 10_000):
                continue
            value, there = _number(said), _columns(rows, count)
            words = f"a {rows} x {count} matrix has {there} columns, one for each input, of {rows} elements each"
            numbers = {"rows": rows, "columns": there, "the text": value}
            names = NAMES.search(unit.text, said.end(), said.end() + 30)
            certain = names is not None and names[1].count(",") + 1 == there
            yield _counted(prose, unit, said, words, numbers, edit=_instead(unit, said, 1, there), certain=certain)


def _columns(rows: int, columns: int) -> int:
    """How many different vectors the unit vectors are sent to."""
    import numpy as np

    matrix = np.arange(1.0, rows * columns + 1).reshape(rows, columns)
    images = [computed("linear_map", matrix, unit) for unit in np.eye(columns)]
    return len({tuple(np.asarray(image).tolist()) for image in images})


def classes(prose: Prose) -> Iterator[Finding]:
    """A linear classifier tells as many classes apart as it has outputs."""
    if not prose.mentions("class", "클래스"):
        return
    import numpy as np

    for unit in prose.units:
        for said in CLASSES.finditer(unit.text):
            rows, count, value = int(said[1]), int(said[2]), int(said[3].replace(",", ""))
            if not 0 < rows * count <= 10_000:
                continue
            outputs = np.shape(np.asarray(computed("linear_map", np.ones((rows, count)), np.ones(count))))[0]
            words = f"a {rows} x {count} matrix times a vector of {count} has {outputs} scores, one for each class"
            numbers = {"rows": rows, "columns": count, "scores": outputs, "the text": value}
            above = prose.text[max(0, unit.start - 5 * NEAR) : unit.start]
            certain = {int(m[1]) for m in ASKED.finditer(above)} == {outputs}
            yield _counted(prose, unit, said, words, numbers, edit=_instead(unit, said, 3, outputs), certain=certain)


def _counted(
    prose: Prose, unit: Unit, said: re.Match[str], words: str, numbers: dict[str, int], *, edit: Edit, certain: bool
) -> Finding:
    """A count; its number is mended where the text says elsewhere which of its numbers is the slip."""
    if str(numbers["the text"]) == edit.text:
        return prose.finding(unit, said.span(), "right", words, "linear_map", numbers)
    found = prose.finding(unit, said.span(), "wrong", words, "linear_map", numbers)
    return replace(found, edits=(edit,)) if certain else replace(found, choices=((edit,),))


def _instead(unit: Unit, said: re.Match[str], group: int, number: int) -> Edit:
    """Another number in a sentence."""
    return Edit(unit.start + said.start(group), unit.start + said.end(group), str(number))


def puzzles(prose: Prose) -> Iterator[Finding]:
    """(32 + 2P - K) / S + 1 = 28 with S and P given has one K."""
    for match in PUZZLE.finditer(prose.text):
        near = prose.text[match.end() : match.end() + NEAR]
        found = {name: re.search(LETTER.format(name), near) for name in "SPK"}
        if not all(found.values()):
            continue
        stride, padding, kernel = (int(found[name][1]) for name in "SPK")  # type: ignore[index]
        size, asked = int(match[1]), int(match[2])
        if not 1 <= kernel <= size + 2 * padding or stride < 1:
            continue
        given = whole("output_size", I=size, P=padding, K=kernel, S=stride, D=1)
        words = f"({size} + 2 * {padding} - {kernel}) / {stride} + 1 = {given}"
        last = found["K"]
        unit = Unit(match.end(), near, ())
        numbers = {"S": stride, "P": padding, "K": kernel, "size": given, "the text": asked}
        verdict = "right" if given == asked and (size + 2 * padding - kernel) % stride == 0 else "wrong"
        yield prose.finding(unit, last.span(), verdict, words, "output_size", numbers)  # type: ignore[arg-type, union-attr]


def _number(match: re.Match[str]) -> int:
    return int(next(group for group in match.groups() if group).replace(",", ""))
