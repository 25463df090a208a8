"""A long note, for the clock: a megabyte with two thousand equations, right, foreign and wrong, with prose between.

python -m tests.notes.bulk FILE [--seed S] [--equations N] [--size BYTES]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

from tests.notes.mutator import singles
from tests.notes.statements import Statement, corpus

PROSE = (
    "The update is repeated until the loss no longer falls.",
    "A smaller step is safer, and slower; a larger one may never settle.",
    "We write the same thing for a whole batch, with the samples in rows.",
    "Note that the mean is taken over the batch and not over the features.",
    "In practice the rate is lowered by a factor of ten when the validation loss stops falling.",
    "학습률이 너무 크면 발산하고, 너무 작으면 학습이 느리다.",
    "가중치는 역전파로 구한 기울기를 따라 갱신된다.",
    "배치의 크기가 크면 기울기의 분산이 줄어든다.",
    "이 식은 뒤에서 다시 쓰인다.",
    "- 입력의 평균과 분산을 먼저 구한다.",
    "The symbols are those of the section above, with $t$ for the step and $i$ for the sample.",
    "> 과적합을 막기 위해 검증 데이터를 따로 둔다.",
)


def display(statement: Statement, latex: str) -> str:
    """A display in its own delimiters."""
    opening, closing = statement.delimiters
    return opening + latex + closing


def long_note(seed: int = 0, equations: int = 2000, size: int = 1_000_000) -> str:
    """The same text for the same numbers: so many displays, and prose up to about so many bytes."""
    random = Random(seed)  # noqa: S311 -- a draw, not a secret
    right, foreign = corpus("right"), corpus("foreign")
    wrong = {s.name: singles(s) for s in right}
    parts = ["---\ntitle: a long note\n---\n\n# Everything\n"]
    written = len(parts[0])
    for number in range(1, equations + 1):
        draw = random.random()
        statement = random.choice(foreign if draw < 0.4 else right)
        latex = statement.latex
        if draw > 0.8 and wrong.get(statement.name):
            latex = random.choice(wrong[statement.name]).text
        block = [statement.headings[-1], display(statement, latex) + "\n" * bool(statement.after) + statement.after]
        written += sum(len(b.encode()) + 2 for b in block)
        while written < size * number / equations:
            paragraph = " ".join(random.choices(PROSE, k=random.randint(1, 4)))
            block.insert(random.choice((1, len(block))), paragraph)
            written += len(paragraph.encode()) + 2
        parts.append("\n\n".join(block) + "\n")
    return "\n".join(parts)


def main() -> int:
    """Write the note."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--equations", type=int, default=2000)
    parser.add_argument("--size", type=int, default=1_000_000)
    arguments = parser.parse_args()
    arguments.file.write_text(long_note(arguments.seed, arguments.equations, arguments.size), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
