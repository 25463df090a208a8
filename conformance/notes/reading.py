"""A file is bytes; which characters they are is known of UTF-8, and of anything else it could only be guessed."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

BOM = b"\xef\xbb\xbf"
OTHERS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x1f\x8b", "gzip"), (b"%PDF", "PDF"))


class NoteError(Exception):
    """A note that cannot be read or written; the message is a sentence for whoever wanted it."""


@dataclass(frozen=True)
class Source:
    """The bytes of a note, and their text without the mark at its beginning."""

    name: str
    raw: bytes
    text: str

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    def encoded(self, text: str) -> bytes:
        """The bytes of another text, with the mark at the beginning if this one has it."""
        return (BOM if self.raw.startswith(BOM) else b"") + text.encode("utf-8")


def decoded(name: str, raw: bytes) -> Source:
    """The text of a note; line ends stay what they are."""
    mark = len(BOM) if raw.startswith(BOM) else 0
    try:
        return Source(name, raw, raw[mark:].decode("utf-8"))
    except UnicodeDecodeError as error:
        at = error.start + mark
        kind = next((f"; it begins like {kind}" for begin, kind in OTHERS if raw.startswith(begin)), "")
        line = raw.count(b"\n", 0, at) + 1
        said = f"byte {at} (0x{raw[at]:02x}, line {line})"
        raise NoteError(f"{name} is not UTF-8: {said} begins no character{kind}; save it as UTF-8") from None


class Lines:
    """Where the lines of a text begin; a line ends with CR, LF, or both."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, number: int) -> tuple[int, int]:
        """Where a line begins and ends, counted from 0, without what ends it."""
        start = self.starts[number]
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def number(self, offset: int) -> int:
        """Which line a character is in, counted from 0."""
        return bisect_right(self.starts, offset) - 1

    def __len__(self) -> int:
        return len(self.starts)
