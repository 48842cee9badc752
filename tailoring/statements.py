"""From the items of a parsed resume to statements that may be sent: trimmed, cut at sentence ends, debris left out.

Nothing is reworded: a statement is what its source lines say, less the signs and labels around it. Which statements are
worth sending is decided elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tailoring.lines import split_marker
from tailoring.parsed import Item, ParsedResume
from tailoring.prompts import injection_attempts

LONGEST = 40  # words; a longer statement is cut where its sentences or clauses end


class Part(StrEnum):
    """Where in the resume a statement was found."""

    SUMMARY = "summary"
    ROLE = "role"
    PROJECT = "project"
    AWARD = "award"
    OPENING = "opening"  # above all headings


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may be sent; `place` counts from 0 within its role or project, which is number `entry`.

    `labelled` tells facts behind a label ("Environment: Java, Oracle") from sentences.
    """

    text: str
    line_nos: tuple[int, ...]
    part: Part
    entry: int = 0
    place: int = 0
    labelled: bool = False


def candidates(parsed: ParsedResume) -> list[Candidate]:
    """Every statement of the resume that a person could send, in the order of its parts."""
    groups: list[tuple[Part, int, Iterable[Item], bool]] = [(Part.SUMMARY, 0, parsed.summary, False)]
    for number, role in enumerate(parsed.roles):
        groups += [(Part.ROLE, number, role.bullets, False), (Part.ROLE, number, role.details, True)]
    for number, project in enumerate(parsed.projects):
        groups += [(Part.PROJECT, number, project.bullets, False), (Part.PROJECT, number, project.details, True)]
    groups += [(Part.AWARD, 0, section.items, False) for section in parsed.other if _AWARDS.search(section.title)]
    first_heading = min((number for item in parsed.headings for number in item.line_nos), default=len(parsed.lines))
    above = [item for item in parsed.unplaced if item.line_nos[0] < first_heading]
    groups += [(Part.OPENING, 0, above, False)]
    found: dict[str, Candidate] = {}  # by what it says: nobody should send a statement twice
    for part, entry, items, labelled in groups:
        for place, (text, item) in enumerate(_trimmed(items, whole=labelled)):
            found.setdefault(text.casefold(), Candidate(text, item.line_nos, part, entry, place, labelled))
    return list(found.values())


def trim(text: str) -> str:
    """The statement without bullet sign, leading label, doubled spaces and loose ends; "" when it is no statement."""
    words = text.split()
    if is_debris(text) or len(words) < 2 or (len(words) <= _LONGEST_FACT and _FACT.match(text)):
        return ""
    bare = " ".join(split_marker(text.strip())[1].split())
    bare = _LABEL.sub("", bare, count=1)
    bare = re.sub(r" ([,.;:])(?= |$)", r"\1", bare).strip(_LOOSE)
    if bare.endswith(".") and not bare.endswith("..") and not _SENTENCE_END.search(bare, 0, len(bare) - 1):
        bare = bare if _ABBREVIATED.search(bare) else bare[:-1]
    elif bare.endswith(".."):
        bare = bare.rstrip(". ")
    return capitalised(bare)


def capitalised(text: str) -> str:
    """The text with a capital first letter, unless its first word is a name such as "iOS"."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text


def sentence(text: str) -> str:
    """The trimmed statement closed by a full stop, for running text."""
    return text if text[-1:] in ".!?" else f"{text}."


def sentences(text: str) -> list[str]:
    """The sentences and independent clauses of a text; one that leans on the one before ("This ...") stays with it."""
    ends = [
        match.end() for match in _SENTENCE_END.finditer(text) if not _ABBREVIATED.search(text, 0, match.start() + 1)
    ]
    pieces: list[str] = []
    for begin, end in zip([0, *ends], [*ends, len(text)], strict=True):
        piece = text[begin:end].strip()
        if pieces and (leans(piece) or len(piece.split()) < 3) and len((pieces[-1] + piece).split()) <= LONGEST:
            pieces[-1] += " " + piece
        elif piece:
            pieces.append(piece)
    return pieces


def leans(text: str) -> bool:
    """Whether the text opens with a word that points to what was said before: "This ...", "which ...", "Also ..."."""
    return _LEANS.match(text) is not None


def dangles(text: str) -> bool:
    """Whether the text breaks off: it ends in a word that needs another ("... services for")."""
    return _DANGLES.search(text, max(0, len(text) - 6)) is not None


def is_debris(text: str) -> bool:
    """Whether the text is no statement: page numbers, rows of a table, labels without a value, personal data.

    Words that speak to a language model are debris too: nobody should send them.
    """
    bare = text.strip()
    letters = sum(map(str.isalpha, bare))
    return (
        letters < 3
        or letters < 0.55 * len("".join(bare.split()))
        or bare.endswith(":")
        or len(_COLUMN_GAP.findall(bare)) > 1
        or _PERSONAL.match(split_marker(bare)[1]) is not None
        or _FORMAL.search(bare) is not None
        or _is_heading(bare)
        or bool(injection_attempts(bare))
    )


def _is_heading(text: str) -> bool:
    """Whether the text only announces what follows, or is one or two long words in capitals, a badly cut heading."""
    words = text.split()
    shouted = len(words) <= 2 and text.isupper() and all(len(word) > 5 and word.isalpha() for word in words)
    return shouted or (len(words) <= _LONGEST_HEADING and _ANNOUNCES.fullmatch(text) is not None)


def _trimmed(items: Iterable[Item], *, whole: bool) -> Iterator[tuple[str, Item]]:
    for item in items:
        long = not whole and len(item.text.split()) > LONGEST
        for piece in sentences(item.text) if long else [item.text]:
            if text := _fact(piece) if whole else trim(piece):
                yield text, item


def _fact(text: str) -> str:
    """A fact with its label ("Environment: Java, Oracle"), on one line."""
    return "" if is_debris(text) or _FACT.match(text) else " ".join(text.split()).rstrip(_LOOSE)


_LOOSE = " \t,;:-–—|•·~=_*"
_LONGEST_HEADING = 8  # words
_ANNOUNCES = re.compile(
    r"(?:(?:key|main|major|primary|job|other|some|the|my|of|following|are|as) )*"
    r"(?:deliverables|responsibilit(?:y|ies)|roles?|duties|achievements|accomplishments|activities|highlights|features|clients?"
    r"|contributions?|tasks|scope of work|job (?:profile|description)|description|technologies used|skills used)"
    r"(?: (?:and|&) \w+)?"
    r"(?: (?:across|during|in|for|at|handled|undertaken|includes?|included|are|were|performed|with)\b.*)?",
    re.IGNORECASE,
)
_LONGEST_FACT = 10  # words; what follows such a label at greater length may be a statement
# Facts about a project that are no statement of the person, and addresses on the web.
_FACT = re.compile(
    r"(?:[#\d.) ]{0,5})(?:status|duration|period|team size|team|company name|client(?: name)?|customer|domain|title"
    r"|role|project (?:name|title|duration|url)|position|designation|location|website|url|link|no\. of \w+)\s*[:\-–]"
    r"|(?:https?://|www\.)\S+$",
    re.IGNORECASE,
)
_COLUMN_GAP = re.compile(r"\S\t|\S\s{3,}(?=\S)")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[\"'(]?[A-Z0-9])|;(?=\s)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|inc|ltd|pvt|co|corp|llc|no|nos|vs|viz|mr|mrs|ms|dr|sr|jr|st|prof|dept|approx|govt|univ"
    r"|[A-Z])|\.[A-Za-z])\.$",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"(?:in which|this|that|these|those|it|its|they|their|them|he|she|his|her|which|who|whose|also|however|moreover"
    r"|furthermore|additionally|therefore|thus|hence|then|there|here|such|and|or|but|so|because|as a result"
    r"|for example|eg|e\.g)\b",
    re.IGNORECASE,
)
_DANGLES = re.compile(
    r"\b(?:an?|and|as|at|by|for|from|in|into|of|on|or|our|than|that|the|their|to|using|via|with)$", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:(?:(?:key|main|major|primary|job|day to day|daily|my|other) )?"
    r"(?:roles?|responsibilit(?:y|ies)|duties|description|profile|contributions?|accomplishments?|achievements?)"
    r"(?: ?(?:&|and|/|,) ?(?:roles?|responsibilit(?:y|ies)|duties))?)"
    r"(?: ?[:\-–—]+[ :\-–—]*| (?:includ|involv)(?:es?|ed)(?: but (?:(?:is|are|was|were) )?not limited to)? ?:? )",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"(?:(?:date|place) of birth|d\.?o\.?b|birth ?date|age|(?:father|mother|spouse|husband)(?:'?s|’s)?(?: name)?"
    r"|marital status|nationality|citizenship|religion|caste|gender|sex|blood group|height|weight|photo|visa status"
    r"|(?:passport|pan|aadha?a?r)(?: (?:no\.?|number|card|details))?|(?:(?:permanent|current|present|postal) )?address"
    r"|(?:full )?name|signature|date|place|(?:(?:current|expected) )?(?:ctc|salary)|notice period|references?|e-?mail"
    r"|phone|mobile|contact)\s*(?:[:\-–—]|$)|page \d+\b|\d+ ?/ ?\d+$|curriculum vitae|r[eé]sum[eé]$",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"\b(?:hereby|solemnly) (?:declare|certify|affirm)\b"
    r"|\breferences? (?:are |is )?(?:available|furnished|on request)\b"
    r"|\b(?:above|furnished|given) (?:information|details|particulars) (?:is|are|furnished)\b"
    r"|\b(?:thanks (?:and|&) regards|yours (?:faithfully|sincerely|truly)|dear (?:sir|madam|hiring))\b"
    r"|\bpositive response\b|^\W*(?:career )?objective\b"
    r"|\blooking (?:to join|for) an? .{0,60}\b(?:organi[sz]ation|company|position|opportunity|job|role)\b"
    r"|\bi (?:want|wish|would like|am willing|am looking|am seeking) (?:to|for)\b"
    r"|(?:^|- ?)exp[a-z]{4,8} ?- ?(?:less than )?\d+ (?:months?|years?)$"
    r"|\b(?:date of birth|marital status|passport no|father(?:'s|’s) name)\b",
    re.IGNORECASE,
)
_AWARDS = re.compile(r"achiev|accomplish|award|honou?r|recogni", re.IGNORECASE)
