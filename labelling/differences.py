"""A generated resume against its source: which words it changed, what it left out, and which claims stand unsupported.

Pure: texts in, lines in parts out. What counts as unsupported the truth check said when the document was written.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

from tailoring.lines import source_lines
from tailoring.resume import TailoredResume
from tailoring.sections import heading

_WORD = re.compile(r"\S+")
_TRIM = ".,;:!?()[]{}\"'|•*–—-"
NEAREST_SHARE = 0.5  # of a line's words, for another line to count as where it comes from

Status = Literal["kept", "changed", "new", "heading", "blank"]


class Part(NamedTuple):
    """A run of characters: whether its words are not in the source, and the number of the claim it is in (0: none)."""

    text: str
    changed: bool
    claim: int
    starts_claim: bool


@dataclass(frozen=True)
class GeneratedLine:
    """A line of the generated resume, and the numbers of the source lines that it comes from."""

    parts: tuple[Part, ...]
    status: Status
    sources: tuple[int, ...]


@dataclass(frozen=True)
class SourceLine:
    """A line of the source, by the number that everybody cites; whether the generated resume took anything from it."""

    number: int
    text: str
    used: bool


@dataclass(frozen=True)
class Comparison:
    """Both texts, line by line."""

    source: tuple[SourceLine, ...]
    generated: tuple[GeneratedLine, ...]


class _Word(NamedTuple):
    key: str
    start: int
    end: int


def compare(
    source: str, generated: str, tailored: TailoredResume | None, claims: Sequence[tuple[int, int]]
) -> Comparison:
    """`tailored` says which source lines a statement cites; `claims` are spans of `generated`, numbered from 1."""
    lines = source_lines(source)
    words = [[word.key for word in _words(line)] for line in lines]
    known = _Source(words)
    cited = dict(_citations(tailored)) if tailored else {}
    compared = list(_generated(generated, known, cited, claims))
    used = {number for line in compared for number in line.sources}
    used.update(number for number, line in enumerate(lines, start=1) if heading(line) is not None)
    used.update(_taken_over(words, generated))
    return Comparison(
        source=tuple(SourceLine(number, line, number in used) for number, line in enumerate(lines, start=1)),
        generated=tuple(compared),
    )


class _Source:
    """The source's words, ready to be looked up."""

    def __init__(self, lines: Sequence[Sequence[str]]) -> None:
        self.lines = lines
        self.words = {word for line in lines for word in line}
        self._lines_of: dict[str, list[int]] = {}
        for at, line in enumerate(lines):
            for word in set(line):
                self._lines_of.setdefault(word, []).append(at)

    def nearest(self, words: Sequence[str]) -> tuple[int, ...]:
        """The number of the line that shares most words with these; none where fewer than half are shared."""
        shared = Counter(at for word in set(words) for at in self._lines_of.get(word, ()))
        if not shared:
            return ()
        at, count = max(shared.items(), key=lambda item: (item[1], -len(self.lines[item[0]])))
        return (at + 1,) if count >= NEAREST_SHARE * len(set(words)) else ()


def _generated(
    text: str, source: _Source, cited: Mapping[tuple[str, ...], tuple[int, ...]], claims: Sequence[tuple[int, int]]
) -> Iterator[GeneratedLine]:
    start = 0
    told: set[int] = set()
    for raw in text.split("\n"):
        line, words = raw.rstrip("\r"), _words(raw)
        keys = tuple(word.key for word in words)
        status: Status
        new: list[_Word] = []
        numbers = tuple(number for number in cited.get(keys, ()) if 1 <= number <= len(source.lines))
        if not keys:
            status = "blank"
        elif heading(line) is not None and line.isupper():
            status = "heading"
        elif numbers:
            new = _changed(words, [word for number in numbers for word in source.lines[number - 1]])
            status = "changed" if new else "kept"
        else:
            numbers = source.nearest(keys)
            new = [word for word in words if word.key not in source.words]
            status = "new" if new and not numbers else "changed" if new else "kept"
        yield GeneratedLine(tuple(_parts(line, start, new, claims, told)), status, numbers)
        start += len(raw) + 1


def _changed(words: Sequence[_Word], source: Sequence[str]) -> list[_Word]:
    """The words that the source does not have at this place."""
    matcher = SequenceMatcher(None, source, [word.key for word in words], autojunk=False)
    return [word for tag, _, _, low, high in matcher.get_opcodes() if tag != "equal" for word in words[low:high]]


def _taken_over(source: Sequence[Sequence[str]], generated: str) -> Iterator[int]:
    """The source lines whose words all stand in one generated line, such as a skill in the list; numbers may differ."""
    lines = [{word.key for word in _words(line)} for line in generated.split("\n")]
    for number, line in enumerate(source, start=1):
        words = {word for word in line if not word.isdecimal()}
        if words and any(words <= each for each in lines):
            yield number


def _parts(
    line: str, start: int, new: Iterable[_Word], claims: Sequence[tuple[int, int]], told: set[int]
) -> Iterator[Part]:
    """The line cut wherever a changed word or a claim begins or ends; `told` are the claims that began before."""
    changed = bytearray(len(line))
    for word in new:
        changed[word.start : word.end] = b"\1" * (word.end - word.start)
    claimed = [0] * len(line)
    for number, (low, high) in enumerate(claims, start=1):
        for at in range(max(low - start, 0), min(high - start, len(line))):
            claimed[at] = number
    for (is_changed, claim), run in groupby(range(len(line)), lambda at: (changed[at], claimed[at])):
        places = list(run)
        yield Part(line[places[0] : places[-1] + 1], bool(is_changed), claim, claim > 0 and claim not in told)
        told.add(claim)


def _citations(resume: TailoredResume) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    """The words of each line that cites, and the numbers of the lines that it cites."""
    bullets = [bullet for role in resume.experience for bullet in role.bullets]
    bullets += [bullet for project in resume.projects for bullet in project.bullets]
    for statement in (*resume.summary, *bullets, *resume.certifications, *resume.languages):
        yield tuple(word.key for word in _words(statement.text)), tuple(statement.source_lines)
    for on_one_line in (resume.summary, resume.languages):
        text = " ".join(statement.text for statement in on_one_line)
        lines = tuple(number for statement in on_one_line for number in statement.source_lines)
        yield tuple(word.key for word in _words(text)), lines
    for entry in resume.education:
        fields = " ".join((entry.degree, entry.school, entry.dates))
        yield tuple(word.key for word in _words(fields)), tuple(entry.source_lines)


def _words(text: str) -> list[_Word]:
    """The words of a line, by what they are compared with; bare signs are none."""
    found = ((match, match.group().strip(_TRIM).casefold()) for match in _WORD.finditer(text))
    return [_Word(key, match.start(), match.end()) for match, key in found if key]
