"""Statements that the source wraps over several lines, put together again."""

from collections.abc import Sequence

from tailoring.lines import Line
from tailoring.parsed import Item

WRAPPED = 60  # characters; a line at least so long may run on in the next


class Paragraphs:
    """Statements in the making: a line is a new one, or runs on from the one before.

    `wraps` tells whether the source wraps its lines; only then may a line in capitals, too, run on from a long one.
    """

    def __init__(self, *, wraps: bool = False) -> None:
        self._wraps = wraps
        self._texts: list[list[str]] = []
        self._numbers: list[list[int]] = []

    def __bool__(self) -> bool:
        return bool(self._texts)

    def runs_on(self, line: Line) -> bool:
        """Whether an unmarked line continues the statement before it."""
        if line.marker or not self._texts or self._numbers[-1][-1] != line.number - 1:
            return False
        before = self._texts[-1][-1]
        cut_short = self._wraps and len(before) >= WRAPPED and before[-1] not in ".;:!?"
        return cut_short or line.text[0].islower()

    def begin(self, line: Line, text: str) -> None:
        """A new statement; `text` is what the line says, without its label."""
        self._texts.append([text])
        self._numbers.append([line.number])

    def add(self, line: Line) -> None:
        """The line, as a statement of its own or as the rest of the one before."""
        if self.runs_on(line):
            self._texts[-1].append(line.text)
            self._numbers[-1].append(line.number)
        else:
            self.begin(line, line.text)

    def items(self) -> tuple[Item, ...]:
        """The statements."""
        return tuple(
            Item(" ".join(texts), tuple(numbers)) for texts, numbers in zip(self._texts, self._numbers, strict=True)
        )


def are_wrapped(lines: Sequence[Line]) -> bool:
    """Whether the source wraps its lines: some line without a bullet sign begins in the middle of a sentence."""
    return any(line.text[0].islower() and not line.marker for line in lines)


def join_wrapped(lines: Sequence[Line]) -> tuple[Item, ...]:
    """The lines as statements."""
    paragraphs = Paragraphs(wraps=are_wrapped(lines))
    for line in lines:
        paragraphs.add(line)
    return paragraphs.items()
