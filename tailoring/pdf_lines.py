"""Lines of a PDF page put together again where the page was too narrow for them.

A PDF knows no paragraphs: each line of print stands alone. A line that would have had room for the first word of the
next has ended; one that had none runs on, if the next stands where it would then stand, in the same print.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tailoring.lines import split_marker
from tailoring.sections import heading

_SAME_PLACE = 2.0  # points
_SAME_SIZE = 0.5  # points
_NEXT_LINE = 1.75  # times the size of the print: from one line of a paragraph down to the next
_FULL = 0.95  # of the widest line: widths are estimates
_FULL_ENOUGH = 0.75  # ... where it is plain anyway: by a hanging indent, an unfinished list, a small letter
_UNFINISHED = ",|&/-"
_SHORTEST = 40  # characters; pages have room for more

# Widths of letters in ems, about as in Times and Helvetica: lines are long, so that differences even out.
_NARROW, _WIDE, _CAPITAL, _OTHER = 0.28, 0.8, 0.66, 0.49
_NARROW_SIGNS, _WIDE_SIGNS = frozenset("iljtfrI.,:;'|!()[]- "), frozenset("mwMW@%—")


class PdfLine(NamedTuple):
    """A line of print: where it begins, where its text begins behind a bullet sign, and its print; all in points.

    `font` is that of its first words, `last_font` that of its last.
    """

    text: str
    x: float
    text_x: float
    y: float
    size: float
    font: str
    last_font: str


def unwrapped(pages: Sequence[Sequence[PdfLine]]) -> list[str]:
    """The lines of all pages as texts, those put together that were one line before a page's width or end broke it."""
    widest = max((_right_edge(line) for lines in pages for line in lines), default=0.0)
    texts: list[str] = []
    first = before = None  # the line that the newest text began with, and the one that it has come to
    for lines in pages:
        for line in lines:
            turned = line is lines[0]
            if first and before and (turned or _is_below(before, line)) and _runs_on(first, before, line, widest):
                texts[-1] = _joined(texts[-1], line.text)
            else:
                first = line
                texts.append(line.text)
            before = line
    return texts


def _is_below(before: PdfLine, line: PdfLine) -> bool:
    """Whether one line of print follows another as in a paragraph."""
    return 0 < before.y - line.y <= _NEXT_LINE * line.size


def _runs_on(first: PdfLine, before: PdfLine, line: PdfLine, widest: float) -> bool:
    """Whether the text that began with `first` and came to `before` goes on in `line`."""
    if line.font != before.last_font or abs(before.size - line.size) > _SAME_SIZE:
        return False
    if abs(line.x - first.text_x) > _SAME_PLACE or len(before.text) < _SHORTEST:
        return False
    small = line.text[0].islower()
    if split_marker(line.text)[0] or (heading(line.text) and not small) or heading(before.text):
        return False
    hangs = first.text_x > first.x + _SAME_PLACE
    plain = hangs or before.text[-1] in _UNFINISHED or small
    needed = _right_edge(before) + _width(" " + line.text.split()[0], line.size)
    return needed > widest * (_FULL_ENOUGH if plain else _FULL)


def _joined(before: str, after: str) -> str:
    """Both in one; without a space where the line was broken inside a word."""
    sign, follows = before[-1], after[0]
    inside = before[-2:-1].isalnum() and (sign == "/" or (sign == "-" and follows.islower()))
    return before + after if inside else f"{before} {after}"


def _right_edge(line: PdfLine) -> float:
    return line.text_x + _width(line.text, line.size)


def _width(text: str, size: float) -> float:
    return size * sum(map(_letter_width, text))


def _letter_width(sign: str) -> float:
    if sign in _NARROW_SIGNS:
        return _NARROW
    if sign in _WIDE_SIGNS:
        return _WIDE
    return _CAPITAL if sign.isupper() else _OTHER
