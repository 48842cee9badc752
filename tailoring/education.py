"""The education section: degrees, schools and dates.

A part is a degree or a school by its words; what is neither (place, grade, honours) is kept as details. Where degree
and school stand together without a sign between them and cannot be told apart, both stay in the degree.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tailoring.dates import DateRange, find_date_ranges
from tailoring.lines import Line
from tailoring.parsed import ParsedEducation
from tailoring.vocabulary import find_place, is_place, split_place, trimmed, word_list, words_of

_SEPARATOR = re.compile(r"\s*[|•·;]\s*|\s+[–—-]+\s+|\t+| {2,}|,\s+|\s*\n\s*")
_FROM = re.compile(r"\s+(?:at|from|bei|an der|à|en la)\s+(?=[A-ZÀ-Þ])")


_SAYS_SOMETHING = re.compile(r"[^\W_]")
_MICROSOFT = re.compile(r"\bms\.?[ -](?=office|word|excel|power|access|sql|project|visio|outlook|windows|dos)", re.I)
_PLAIN_WORD = re.compile(r"\S+")
_SMALL_WORDS = frozenset({"of", "in", "and", "with", "the", "for", "-", "de", "en"})


@dataclass(slots=True)
class _Draft:
    degree: str = ""
    school: str = ""
    dates: DateRange | None = None
    details: list[str] = field(default_factory=list)
    line_nos: list[int] = field(default_factory=list)
    marked: bool = False  # its first line has a bullet sign

    def entry(self) -> ParsedEducation:
        if not self.degree and not self.school and self.details and len(self.details[0].split()) <= _LONGEST_COURSE:
            self.degree = self.details.pop(0)  # under this heading a few words alone name a course
        if self.school and not self.degree and self.details and all(map(_belongs_to_degree, self.details[0].split())):
            self.degree = self.details.pop(0)  # only the subject is named
        return ParsedEducation(self.degree, self.school, self.dates, ", ".join(self.details), tuple(self.line_nos))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one line says."""

    degree: str
    school: str
    dates: DateRange | None
    details: tuple[str, ...]


def parse_education(lines: Sequence[Line]) -> list[ParsedEducation]:
    """The degrees and courses of the section, in its order; each line belongs to one of them."""
    drafts: list[_Draft] = []
    for line in lines:
        said = _read(line.text) if len(line.text) <= _LONGEST_LINE else _Reading("", "", None, (line.text,))
        last = drafts[-1] if drafts else None
        if last is None or _begins_another(last, said, line):
            last = _Draft(marked=bool(line.marker))
            drafts.append(last)
        last.degree = last.degree or said.degree
        last.school = last.school or said.school
        last.dates = last.dates or said.dates
        last.details += said.details
        last.line_nos.append(line.number)
    return [draft.entry() for draft in drafts]


def _begins_another(last: _Draft, said: _Reading, line: Line) -> bool:
    """Whether the line says what the entry above has already, or is complete in itself."""
    again = (said.degree and last.degree) or (said.school and last.school) or (said.dates and last.dates)
    complete = bool(said.degree and said.school and (last.degree or last.school))
    dated_first = said.dates is not None and said.dates.span[0] == 0 and last.dates is None
    says_more = bool(said.degree or said.school or said.details)
    leads_by_date = dated_first and says_more and bool(last.degree and last.school)
    next_bullet = bool(line.marker) and last.marked and bool(said.degree or said.school)
    return bool(again) or complete or leads_by_date or next_bullet


def looks_like_education(text: str) -> bool:
    """Whether a line outside the section tells of a degree: it names one, and a school or a date."""
    if len(text) > _LONGEST_LINE or not names_degree(text):
        return False
    return names_school(text) or _read(text).dates is not None


def names_degree(text: str) -> bool:
    """Whether a word of the text names a degree; short ones count in capitals only (`BE`, not "be")."""
    degrees = word_list("degree_words")
    for written in _WORDS.findall(_SPACED_INITIALS.sub("", _MICROSOFT.sub("", text))):
        parts = written.casefold().replace("-", "").split(".")
        forms = {"".join(parts[:count]) for count in range(1, min(len(parts), _MOST_INITIALS) + 1)}
        if any(form in degrees and (len(form) > 3 or not written[0].islower()) for form in forms):
            return True
    return False


_SPACED_INITIALS = re.compile(r"(?<=\b[A-Z]\.) (?=[A-Z])")
_LONGEST_LINE = 300  # characters; a longer one is prose
_LONGEST_ENTRY = 25  # words
_LONGEST_COURSE = 10  # words
_MOST_INITIALS = 4  # "H.S.C.Pune" is H.S.C. and a word glued to it
_WORDS = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def names_school(text: str) -> bool:
    """Whether a word of the text names a school."""
    return not word_list("school_words").isdisjoint(words_of(text))


def _read(text: str) -> _Reading:
    dates = next(iter(find_date_ranges(text)), None)
    if dates:
        text = text[: dates.span[0]].rstrip(" ,(-–—") + "\n" + text[dates.span[1] :].lstrip(" ,)-–—")
    place = find_place(text)
    if place and _FROM.search(text) is None and not names_school(text[slice(*place)]):
        before, (after, *more) = trimmed(text[: place[0]]), [trimmed(part) for part in text[place[1] :].split("\n")]
        if after and (names_degree(before) or names_school(after)) and not names_school(before):
            return _Reading(before, after, dates, (text[slice(*place)], *filter(None, more)))
    parts: list[str] = []
    towns: list[str] = []
    for piece in text.split("\n"):
        rest, town = split_place(piece)
        if town and not names_school(town):
            towns.append(town)
            piece = rest
        parts += _split(piece)
    return _sorted_parts(parts, dates, towns)


def _split(text: str) -> list[str]:
    return [trimmed(part) for piece in _SEPARATOR.split(text) for part in _degree_and_school(piece)]


def _degree_and_school(piece: str) -> list[str]:
    """`B.Sc. at Leeds`, `MBA Finance Pune University`: cut in two where the degree and its subject end."""
    joined = _FROM.search(piece)
    if joined and names_degree(piece[: joined.start()]) and not names_school(piece[: joined.start()]):
        return [piece[: joined.start()], piece[joined.end() :]]
    cut = _start_of_school(piece)
    return [piece[:cut], piece[cut:]] if cut else [piece]


def _start_of_school(piece: str) -> int | None:
    """Where a school begins behind a degree and its subject; 0 when these are its name, None when there is none.

    A school's name is more than the word for a school: "MBA Masters College" is an MBA of Masters College.
    """
    words = list(_PLAIN_WORD.finditer(piece))[:_LONGEST_ENTRY]
    degree = next((at for at in range(len(words[:_MOST_INITIALS])) if names_degree(piece[: words[at].end()])), None)
    if degree is None:
        return None
    school = next((at for at in range(degree + 1, len(words)) if not _belongs_to_degree(words[at].group())), None)
    if school is None or not names_school(piece[words[school].start() :]):
        return None
    if len(words_of(piece[words[school].start() :])) == 1 and words[school - 1].group().istitle():
        school -= 1
    return words[school].start() if names_degree(piece[: words[school].start()]) else 0


def _belongs_to_degree(word: str) -> bool:
    names = re.findall(r"[^\W\d_][^\W_-]*(?:-[^\W_]+)*", word.casefold())
    known = word_list("subject_words")
    return all(name in known or name in _SMALL_WORDS for name in names) or names_degree(word)


def _sorted_parts(parts: Iterable[str], dates: DateRange | None, details: list[str]) -> _Reading:
    """The parts by kind: the first that names a school, the first other that names a degree, and the rest."""
    degree = school = ""
    for part in filter(_SAYS_SOMETHING.search, parts):
        if not degree and names_degree(part) and _start_of_school(part) != 0:
            degree = part
        elif not school and names_school(part):
            school = part
        elif degree and not school and not is_place(part) and _continues(degree, part):
            degree = f"{degree}, {part}"
        else:
            details.append(part)
    return _Reading(degree, school, dates, tuple(details))


def _continues(degree: str, part: str) -> bool:
    """Whether the part is the subject of a degree without one: `B.Sc., Physics`."""
    return len(degree.split()) <= 2 and not any(sign.isdigit() for sign in part) and len(part.split()) <= 6
