"""Source lines: the one numbering of a resume's text that prompts, models, parser and judges share.

Only cuts; what a line means is decided by the parser.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tailoring.sections import heading, trailing_heading

_SIGNS = "•●▪■◦‣∙⁃➢➤►▶✓✔❖◆◇○□⦁\uf0b7\uf0a7\uf0d8\uf076\uf0fc"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u2060\ufeff]")
_INLINE = re.compile(rf"[{_SIGNS}]|(?<=\s)\*(?=\s)")
_MARKER = re.compile(
    rf"""(?:
      [{_SIGNS}·]
    | [*~»>§Ø]+(?=\s) | \*(?=[A-Z])
    | [-–—](?=\s|[A-Z])
    | o(?=\s+[A-Z])                                                  # the hollow bullet of a symbol font
    | \d{{1,2}}[.)](?=[^\W\d_])                                      # 3.Plans work
    | \(?(?:\d{{1,2}}|[a-z]|[ivx]{{1,4}}|[A-H](?=\)))[.)](?=\s)       # 3. or (b) or iv.; "B. Tech" is a degree
    )\s*""",
    re.VERBOSE,
)
_SAYS_SOMETHING = re.compile(r"[^\W_]")
_SHORT = 50  # characters; longer pieces between bullet signs are statements, not fields of one line


class Line(NamedTuple):
    """A source line: its number, the bullet sign in front of it ("" if none), and its text without that sign."""

    number: int
    marker: str
    text: str


def source_lines(text: str) -> list[str]:
    """The lines of a resume, trimmed, none blank or a mere rule.

    Lines are also cut before inline bullets, and before a heading that is glued to the end of another line.
    Joining them by newlines and cutting again gives the same lines. Line n is cited as `n`, counting from 1.
    """
    cut = (line for raw in _CONTROL.sub(" ", text).splitlines() for line in _cut(raw.strip()))
    return [line for line in cut if _SAYS_SOMETHING.search(line)]


def split_marker(line: str) -> tuple[str, str]:
    """The bullet sign or number in front of a line ("" if none), and the text behind it."""
    match = _MARKER.match(line)
    if match is None or match.end() == len(line):
        return "", line
    return match.group().strip(), line[match.end() :]


def _cut(line: str) -> Iterator[str]:
    parts = []
    start = trailing_heading(line)
    while start > 0:
        parts.append(line[start:].strip())
        line = line[:start].rstrip()
        start = trailing_heading(line)
    pieces = _at_bullets(line)
    for piece in pieces:
        if len(pieces) > 1:
            yield from _cut(piece)
        elif piece:
            yield piece
    yield from reversed(parts)


def _at_bullets(line: str) -> list[str]:
    if line.isascii() and "*" not in line:
        return [line]
    starts = [match.start() for match in _INLINE.finditer(line)]
    if not starts or starts == [0]:
        return [line]
    bounds = sorted({0, *starts, len(line)})
    pieces = [line[begin:end].strip() for begin, end in pairwise(bounds)]
    return [line] if _is_one_line_of_fields(line, pieces) else pieces


def _is_one_line_of_fields(line: str, pieces: list[str]) -> bool:
    """Whether the signs only separate short fields: `Jane Doe • Berlin • jane@example.org`."""
    return (
        line[0] not in _SIGNS + "*"
        and len(pieces) <= 6
        and all(len(piece) <= _SHORT and piece[-1] not in ".:" for piece in pieces)
        and heading(pieces[0]) is None
    )
