"""The head of a role: title, employer, place and dates, from the line or lines above its statements.

Fields are told apart by separators and by a small vocabulary of titles, organisations and places. A part that could be
two things fills no field.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from tailoring.dates import DateRange, find_date_ranges
from tailoring.labels import label_of
from tailoring.lines import Line
from tailoring.vocabulary import (
    is_known_place,
    is_place,
    is_title_word,
    names_title,
    split_place,
    trimmed,
    word_list,
    words_of,
)

_SEPARATOR = re.compile(r"\s*[|•·●▪]\s*|\s+[–—~-]+\s+|\t+| {3,}|\s+@\s+|\s*/{2,}\s*")
_AT = re.compile(r"\s+(?:at|with|bei|chez|en|presso)\s+(?=[A-ZÀ-Þ0-9])")
_LENGTH = re.compile(r"(?:\b\d{1,2}\+?\s*(?:yrs?|years?|mos?|mths?|months?)\b\.?[\s,&]*(?:and\s)?){1,2}", re.IGNORECASE)
_BREAK_END = re.compile(r"\s?[,:;(–/-]|\s(?:for|to|due|while|and|as)\s")
_LEVEL = re.compile(r"[ivx]{1,4}|l?\d|[ab]")
_LONGEST_TITLE = 8  # words
_FEWEST_TITLE = 2  # words of a title in front of a company, since many are named after a Baker
_LONGEST_PARTICLE = 3  # letters: "of", "and", "für"
_LONGEST = 110  # characters; a longer line is a statement


@dataclass(frozen=True, slots=True)
class RoleHead:
    """What a head says; empty where it does not say plainly.

    `own_line`: the employer has a line of its own. `is_break`: it tells of a time away from work, without employer.
    """

    title: str
    employer: str
    location: str
    dates: DateRange | None
    own_line: bool
    is_break: bool = False


class _Kind(Enum):
    TITLE = auto()
    EMPLOYER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    kind: _Kind
    line: int
    piece: str  # the text between separators that it was cut from


def head_dates(line: Line) -> DateRange | None:
    """The dates that make a line a head: a range, or a single date at its edge; no year inside ("SQL Server 2012")."""
    for dates in find_date_ranges(line.text):
        if dates.present or dates.start != dates.end:
            return dates
        before, after = line.text[: dates.span[0]].rstrip(), line.text[dates.span[1] :].strip(" .)]")
        apart = before[-1:] in tuple("(,|–—-·[") or line.text[: dates.span[0]].endswith(("  ", "\t"))
        if not before or (not after and (apart or not dates.is_lone_year)):
            return dates
    return None


def may_be_head(line: Line) -> bool:
    """Whether the line may belong to a head: short, no label, no statement; marked lines only with title and dates."""
    text = line.text
    if len(text) > _LONGEST or label_of(text) or not _opens_like_a_head(line):
        return False
    if line.marker:
        dates = head_dates(line)
        is_range = dates is not None and (dates.present or dates.start != dates.end)
        return is_range and len(text.split()) <= 16 and names_title(text) and not _is_statement(text)
    return not _is_statement(text)


def _opens_like_a_head(line: Line) -> bool:
    first = line.text[0]
    if first.isupper() or first.isdigit() or first in "([":
        return True
    dates = head_dates(line)
    return dates is not None and dates.span[0] == 0  # "janvier 2020 – aujourd'hui"


def names_title_or_employer(text: str) -> bool:
    """Whether a word of the text names a position or an organisation."""
    return names_title(text) or not word_list("employer_words").isdisjoint(words_of(text))


def is_title(text: str) -> bool:
    """Whether the text is a title: a few words, the last (or, in French, the first) of which names a position."""
    words = _without_level(words_of(text.partition("(")[0]))
    if not 1 <= len(words) <= _LONGEST_TITLE or words[0] in word_list("never_in_titles"):
        return False
    return is_title_word(words[-1]) or is_title_word(words[0])


def _without_level(words: list[str]) -> list[str]:
    """The words less a level at the end: `Analyst II`, `Engineer L3`."""
    return words[:-1] if len(words) > 1 and _LEVEL.fullmatch(words[-1]) else words


def _is_statement(text: str) -> bool:
    words = text.split()
    first = words[0].strip(",;:").casefold()
    if first in word_list("statement_openings"):
        return True
    goes_on = any(word.isalpha() and word.islower() and len(word) > 2 for word in words[1:])  # names are capitalised
    if goes_on and len(first) > 4 and first.endswith("ed"):
        return first not in word_list("title_openings")
    if goes_on and len(first) > 5 and first.endswith("ing") and first.isalpha() and not names_title_or_employer(text):
        return True
    return text[-1] in ".;!?" and len(words) > 6 and words[-1].strip(".)").casefold() not in word_list("legal_forms")


def read_head(lines: Sequence[Line]) -> RoleHead:
    """The fields that the lines of a head fill."""
    dates: DateRange | None = None
    location = ""
    parts: list[_Part] = []
    for number, line in enumerate(lines):
        text = line.text
        found = head_dates(line)
        if found and dates is None:
            dates = found
            text = text[: found.span[0]].rstrip(" ,(") + " | " + text[found.span[1] :]
        for piece in _pieces(text):
            rest, place = _without_place(piece)
            location = location or place
            parts += [_Part(part, _kind(part), number, rest) for part in _comma_parts(rest)]
    if parts and _opens_with_break(parts[0].piece):
        whole = ", ".join(dict.fromkeys(part.piece for part in parts))  # a carer's title alone would pass for a job
        return RoleHead(whole, "", location, dates, own_line=False, is_break=True)
    if all(part.kind is not _Kind.TITLE for part in parts):
        parts = [each for part in parts for each in _title_before_company(part)]
    title, employer = _title_and_employer(parts)
    if employer is None and "," in location:  # "Infosys, India" is no town in India
        town, _, rest = location.partition(",")
        if not is_known_place(town, alone=True):
            employer, location = _Part(town, _Kind.UNKNOWN, -1, town), rest.strip()
    own_line = employer is not None and (title is None or employer.line != title.line)
    return RoleHead(title.text if title else "", employer.text if employer else "", location, dates, own_line)


def _opens_with_break(text: str) -> bool:
    """Whether the text is a time away from work: `Career break, full-time carer`; not `Sabbatical Officer`."""
    return _BREAK_END.split(text.casefold(), maxsplit=1)[0] in word_list("breaks")


def _pieces(text: str) -> list[str]:
    """The text cut at separators, without lengths of service (`3 yrs 2 mos`) and terms of employment (`Full-time`)."""
    pieces = (trimmed(_LENGTH.sub("", piece)) for piece in _SEPARATOR.split(text))
    return [piece for piece in pieces if piece and piece.casefold() not in word_list("employment_terms")]


def _title_and_employer(parts: Sequence[_Part]) -> tuple[_Part | None, _Part | None]:
    title = next((part for part in parts if part.kind is _Kind.TITLE), None)
    employer = next((part for part in parts if part.kind is _Kind.EMPLOYER), None)
    unknown = [part for part in parts if part.kind is _Kind.UNKNOWN]
    names = [part for part in unknown if _is_capitalised(part.text)]
    if title and not employer and names:
        employer = names[0]
    elif employer and not title and len(unknown) == 1:
        title = unknown[0]
    elif not employer and not title and len(unknown) == len(names) == 1:
        employer = names[0]
    if title and employer and title.piece != employer.piece:
        title = replace(title, text=title.piece)  # "Nurse, Intensive Care" holds no employer
    return title, employer


def _title_before_company(part: _Part) -> list[_Part]:
    """`Senior Developer Acme Corp`, columns that lost the space between them, as two parts; any other as it is.

    Only where a legal form ends it, behind a name: "Baker Hughes Inc" has no baker, "Manager Sales Acme Inc" may have a
    manager of sales.
    """
    words = part.text.split()
    if not words or words[-1].strip(".").casefold() not in word_list("legal_forms"):
        return [part]
    end = next((at for at in range(len(words), 0, -1) if is_title_word(words[at - 1].casefold())), 0)
    while end and _LEVEL.fullmatch(words[end].casefold()):
        end += 1
    names = [word for word in words[end:] if word.strip(".").casefold() not in word_list("employer_words")]
    plain = all(word[0].isupper() and word.casefold() not in word_list("subject_words") for word in names)
    if end < _FEWEST_TITLE or not names or not plain:
        return [part]
    texts = " ".join(words[:end]), " ".join(words[end:])
    return [_Part(text, _kind(text), part.line, text) for text in texts]


def _is_capitalised(text: str) -> bool:
    """Whether the text may be a name: its words, but for short ones, are in capitals."""
    return not any(word.islower() and len(word) > _LONGEST_PARTICLE for word in text.partition("(")[0].split())


def _kind(text: str) -> _Kind:
    words = _without_level(words_of(text.partition("(")[0]))
    if not words:
        return _Kind.UNKNOWN
    if is_title_word(words[-1]):
        return _Kind.TITLE
    if not word_list("legal_forms").isdisjoint(words[1:]):
        return _Kind.EMPLOYER
    if any(map(is_title_word, words)):
        return _Kind.TITLE
    if not word_list("employer_words").isdisjoint(words):
        return _Kind.EMPLOYER
    return _Kind.UNKNOWN


def _without_place(text: str) -> tuple[str, str]:
    """The text without the place at its end, and that place: `Acme Corp, Austin, TX` is ("Acme Corp", "Austin, TX")."""
    if is_place(text):
        return "", text
    opened = text.rfind("(")
    if opened > 0 and is_place(text[opened:].strip("()")):
        return trimmed(text[:opened]), text[opened:].strip("()")
    rest, place = split_place(text)
    town = place.partition(",")[0]
    if is_known_place(town, alone=True) or _kind(town) is _Kind.UNKNOWN:
        return rest, place
    return text, ""


def _comma_parts(text: str) -> list[str]:
    """`Title, Employer`, `Employer, Title` and `Title at Employer` in two; anything else in one."""
    if not text:
        return []
    joined = _AT.search(text)
    if joined and names_title(text[: joined.start()]):
        return [text[: joined.start()], text[joined.end() :]]
    first, comma, rest = text.partition(",")
    rest = rest.strip()
    if comma and rest and rest.strip(".").casefold() not in word_list("legal_forms"):
        kinds = (_kind(first), _kind(rest))
        if kinds[0] != kinds[1] and _Kind.TITLE in kinds:
            return [first.strip(), rest]
    return [text]
