"""Section headings: which line opens which section of a resume.

A heading is told by its words alone, composed from a small vocabulary ("Professional Experience", "Key Technical
Skills"), or by its being in the list of fixed phrases. What the lines of a section mean is not decided here.
"""

import re
from enum import StrEnum
from functools import cache, lru_cache

from tailoring.vocabulary import word_list


class Section(StrEnum):
    """The sections that a resume is taken apart into."""

    SUMMARY = "summary"
    SKILLS = "skills"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    CERTIFICATIONS = "certifications"
    PROJECTS = "projects"
    LANGUAGES = "languages"
    CONTACT = "contact"
    OTHER = "other"


_LONGEST = 60  # characters; a longer line is no heading
_LONGEST_ACRONYM = 4  # letters; shorter words in capitals are no headings
_FEWEST_WORDS = 3  # before a heading that the end of a line swallowed, lest a label be cut: "Job Profile:"
_DECORATION = " \t:：-–—_*#=|•~.<>[]\"'"
_NEVER_INSIDE = re.compile(r"[\d:•*|;.!?]")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LETTER_SPACED = re.compile(r"(?:\w )+\w")


@cache
def _kind_of_word() -> dict[str, Section]:
    return {word: kind for kind in Section for word in word_list("headings", kind, "words")}


@cache
def _kind_of_phrase() -> dict[str, Section]:
    return {phrase: kind for kind in Section for phrase in word_list("headings", kind, "phrases")}


@cache
def _kind_of_label() -> dict[str, Section]:
    return {label: kind for kind in Section for label in word_list("headings", kind, "labels")}


@cache
def _last_words() -> frozenset[str]:
    last_of_phrases = (phrase.split()[-1] for phrase in _kind_of_phrase())
    return frozenset({*_kind_of_word(), *word_list("heading_qualifiers"), *last_of_phrases})


def heading(line: str) -> Section | None:
    """The section that this line, taken as a heading, opens; None when it is no heading."""
    if len(line) > _LONGEST or not line or line[-1] in ".,;":
        return None
    bare = line.strip(_DECORATION)
    return _kind(bare) or (_kind_of_capitals(bare, colon=line.endswith(":")) if bare.isupper() else None)


def _kind_of_capitals(bare: str, *, colon: bool) -> Section | None:
    """In capitals the last word is enough, with a colon behind it or when it is "experience": `ADJOINING SKILLS:`."""
    words = _WORD.findall(bare.casefold())
    if not 2 <= len(words) <= 4 or _NEVER_INSIDE.search(bare):
        return None
    kind = _kind_of_word().get(words[-1])
    return kind if colon or kind is Section.EXPERIENCE else None


@lru_cache(maxsize=4096)
def _kind(bare: str) -> Section | None:
    name = " ".join(bare.casefold().replace("&", " and ").replace("/", " and ").split())
    if _LETTER_SPACED.fullmatch(name) and len(name) > 8:
        name = name.replace(" ", "")
    if name in _kind_of_phrase():
        return _kind_of_phrase()[name]
    words = _WORD.findall(name)
    if not 1 <= len(words) <= 6 or _NEVER_INSIDE.search(name) or _mixes_capitals(bare):
        return None
    kinds = [_kind_of_word()[word] for word in words if word in _kind_of_word()]
    if not kinds or not all(is_heading_word(word) for word in words) or words[-1] in word_list("school_words"):
        return None  # "Project Management College" is a name
    return kinds[-1] if {*kinds} == {Section.PROJECTS, Section.EXPERIENCE} else kinds[0]


def is_heading_word(word: str) -> bool:
    """Whether the word, in lower case, is one that headings are composed of."""
    return word in _kind_of_word() or word in word_list("heading_qualifiers")


def _mixes_capitals(text: str) -> bool:
    """Whether words in capitals stand beside others: two headings in a row, or no heading at all."""
    words = [word for word in text.split() if len(word) > 3 and word.isalpha()]
    return len({word.isupper() for word in words}) == 2


def names_objective(title: str) -> bool:
    """Whether a heading of a summary announces only what the person hopes for: `Career Objective`."""
    words = {word for word in _WORD.findall(title.casefold()) if _kind_of_word().get(word) is Section.SUMMARY}
    return bool(words) and words <= word_list("headings", Section.SUMMARY, "objectives")


def heading_with_content(line: str, *, anycase: bool = False) -> tuple[str, Section, str] | None:
    """A heading and the text behind it on its own line: `Skills: Python, SQL`, `TECHNICAL SKILLS Languages: Java`.

    Behind a colon any heading counts; without one, only a heading in capitals before a text that is not. With `anycase`
    a heading of a skills section counts before any capitalised text: `Skills Java, SQL`.
    """
    before, colon, after = line.partition(":")
    if colon and after.strip(_DECORATION):
        kind = heading(before) or _kind_of_label().get(before.strip(_DECORATION).casefold())
        if kind:
            return before.strip(), kind, after.strip(_DECORATION)
    words = line[:_LONGEST].split()
    for count in range(min(4, len(words) - 1), 0, -1):
        name = " ".join(words[:count])
        if not line.startswith(name) or not (name.isupper() or anycase) or len(name) <= _LONGEST_ACRONYM:
            continue
        kind = heading(name)
        if kind and (
            not words[count].isupper() if name.isupper() else kind is Section.SKILLS and words[count][0].isupper()
        ):
            return name, kind, line[len(name) :].strip(_DECORATION)
    return None


def trailing_heading(line: str) -> int:
    """Where a heading begins that the end of a line swallowed (`...your knowledge.Education Details`); -1 if none.

    A heading counts there when it is glued to the text before it, follows the end of a sentence, ends in a colon or in
    the word "Details", or stands in capitals after words that are not.
    """
    offset = max(0, len(line) - 2 * _LONGEST)
    tail = line[offset:]
    last = _LAST_WORD.search(" ".join(tail.split()[-2:]))
    if last is None or last[1].casefold() not in _last_words() or heading(line) is not None:
        return -1
    starts = [match.start() for match in _WORD_START.finditer(tail, max(1, len(tail) - _LONGEST))]
    for start in starts[-_MOST_STARTS:]:
        if heading(tail[start:]) is not None and _stands_apart(tail[:start], tail[start:]):
            return offset + start
    return -1


def _stands_apart(text: str, name: str) -> bool:
    """Whether a heading's words are no part of the text before them."""
    before = text.rstrip()
    if not before or before[-1] in "-–/&(,":
        return False
    if not text[-1].isspace():
        return " " in name.strip() or before[-1] in ".;:!?)"
    if before[-1] in ".;!?":
        return True
    words = before.split()
    if len(words) < _FEWEST_WORDS:
        return False
    in_capitals = name.isupper() and len(name) > _LONGEST_ACRONYM and not words[-1].isupper()
    return before[-1] == ")" or in_capitals or name.rstrip(" :").endswith("Details") or name.endswith(":")


_LAST_WORD = re.compile(r"([^\W\d_][a-zà-ÿ]*|[A-ZÀ-Þ]+)[\W_]*$")
_WORD_START = re.compile(r"(?<=[a-z0-9.,;:)!?%\]A-Z])(?=[A-Z][a-z])|(?<=[ \t.,;:)!?])(?=[A-Z])")
_MOST_STARTS = 6  # words in a heading at most
