"""How much a statement of a resume matters to a posting: named features, and weights that turn them into one score.

Training and inference share these features. What is done with a score is the business of the selection.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, Field

from tailoring.chronology import newest_first
from tailoring.parsed import ParsedResume
from tailoring.skills import find_skills
from tailoring.statements import LONGEST, Candidate, Part, candidates, dangles, leans
from tailoring.tokens import stem
from tailoring.wording import WORD, buzzwords, counts_something, function_words, opening, pronouns

_TITLE_WEIGHT = 3.0  # a word of the posting's title counts as much as three words of its text
_HALF = 12.0  # weight of posting words at which the feature reaches a half
_MANY = 4  # skills; more of them in one statement say no more
_LONGEST_TITLE = 150  # characters
_SHORTEST = 6  # words; a shorter statement tells little
_SMALL_WORDS = 0.25  # share of small words ("of", "and") from which a line reads as a sentence

_ABOUT_OTHERS = re.compile(
    r"(?:[^\s.]+\.? ){1,7}?(?:is|are|was|provides?|offers?|deals with) "
    r"(?:an?|one|the|among|mainly|also|basically|used|currently|based)\b"
    r"|(?:an?|one of) (?:[\w'-]+ ){0,7}?(?:company|companies|firms?|agency|distributor|provider|manufacturer|supplier"
    r"|leader|start-?up|organi[sz]ations?|brand|chain)\b"
    r"|(?:our|their) \w+ (?:is|are)\b"
    r"|(?:the|this) (?:(?:scope|aim|objective|purpose|goal) of (?:the|this) )?"
    r"(?:company|client|project|application|system|product|website|module)\b",
    re.IGNORECASE,
)
_SHORTEST_NAME = 3  # letters; a shorter first word of an employer may be any word

# Words that postings use whatever the job is.
_POSTING_FILLER = """
ability able across additional applicant application apply area based benefit best business candidate career company
compensation day degree desired disability diverse employee employer employment ensure environment equal excellent
experience following full gender good great help high ideal including individual job join knowledge level life location
looking make member minimum national necessary need new offer opportunity order part people per perform plus position
preferred provide qualification qualified race related relevant religion require required requirement responsibility
responsible role salary sexual skill status strong success support team time title understanding use using various
veteran work working world year
"""


class Weights(BaseModel):
    """The linear model of the selection: one weight for each feature, in the order of every feature vector.

    A statement's score is the sum of weight times feature; statements above 0 are worth their place.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    bias: float = Field(-1.4, description="always 1")
    posting_words: float = Field(2.6, description="words shared with the posting, 0 to 1, rarer and title words more")
    title_words: float = Field(0.8, description="share of the words of the posting's title")
    posting_skills: float = Field(1.4, description="skills that the posting names too, 0 to 1 (four or more)")
    skills: float = Field(0.5, description="skills of any kind, 0 to 1 (four or more)")
    number: float = Field(0.8, description="1 when it counts or measures something")
    action_verb: float = Field(0.6, description="1 when it opens with an action verb")
    weak_opening: float = Field(-0.3, description="1 when it opens with words that hide who did what")
    short: float = Field(-1.2, description="how far it falls short of six words, 0 to 1")
    long: float = Field(-0.8, description="how far it goes beyond forty words, 0 to 1")
    recency: float = Field(0.7, description="1 for the newest role, 1/2 for the next, 1/3 ...; 0 outside roles")
    place: float = Field(0.4, description="1 for the first statement of its role, 1/2 for the next, ...")
    repetition: float = Field(-1.5, description="share of its word pairs that earlier statements said")
    about_others: float = Field(-4.0, description="1 when it tells what an employer or product is, not what was done")
    leaning: float = Field(-0.8, description="1 when it points to a statement before it")
    shouted: float = Field(-1.0, description="1 when it is all capitals, as headings are")
    dangling: float = Field(-1.5, description="1 when it breaks off after a word like 'of' or 'the'")
    personal: float = Field(-0.5, description="1 when it speaks in the first or second person")
    gerund: float = Field(0.0, description="1 when it opens with a verb in -ing")
    buzzwords: float = Field(0.0, description="1 when it holds praise that anybody could write")
    keywords: float = Field(0.0, description="how far it lacks the small words of a sentence, 0 to 1")
    labelled: float = Field(0.0, description="1 when it is facts behind a label")
    length: float = Field(0.0, description="its words, as a share of forty")
    room: float = Field(3.0, description="1 while the page is short: what its emptiness adds to any statement")
    introduction: float = Field(-0.5, description="1 for a summary made of bullets; nothing else counts for it")
    skill: float = Field(0.5, description="1 for an entry of the list of skills, of which only what follows counts")
    skill_asked: float = Field(0.0, description="1 for a skill that the posting names")
    skill_place: float = Field(0.0, description="its place: 0 for the first, 1 for the last for which there is space")

    def score(self, vector: Sequence[float]) -> float:
        """The score of one feature vector."""
        return sum(weight * value for weight, value in zip(self.values(), vector, strict=True))

    def values(self) -> tuple[float, ...]:
        """The weights in the order of `FEATURES`."""
        return tuple(getattr(self, name) for name in FEATURES)

    @classmethod
    def of(cls, values: Iterable[float]) -> "Weights":
        """The weights of these values, in the order of `FEATURES`."""
        return cls(**dict(zip(FEATURES, map(float, values), strict=True)))


FEATURES: tuple[str, ...] = tuple(Weights.model_fields)


@dataclass(frozen=True, slots=True)
class LineFeatures:
    """A statement and its features, `vector` in the order of `FEATURES`."""

    candidate: Candidate
    vector: tuple[float, ...]

    def named(self) -> dict[str, float]:
        """The features by name."""
        return dict(zip(FEATURES, self.vector, strict=True))


@dataclass(frozen=True)
class Wanted:
    """What a posting asks for: weight of each word stem, stems of its title, and skills from most to least wanted."""

    words: dict[str, float]
    title: frozenset[str]
    skills: tuple[str, ...]


@lru_cache(maxsize=64)
def read_posting(posting: str) -> Wanted:
    """The posting's words and skills; a short first line is taken as its title."""
    first, _, rest = posting.strip().partition("\n")
    title = first.removeprefix("Title:").strip() if rest and len(first) <= _LONGEST_TITLE else ""
    title_stems = frozenset(_stems(_words(title))) - _filler()
    words = {
        word: 1 + math.log(count) for word, count in Counter(_stems(_words(posting))).items() if word not in _filler()
    }
    for word in title_stems:
        words[word] += _TITLE_WEIGHT
    asked = Counter(mention.canonical for mention in find_skills(posting))
    in_title = {mention.canonical for mention in find_skills(title)}
    # Counter keeps the order of first mention, and the sort is stable.
    skills = sorted(asked, key=lambda skill: (skill not in in_title, -asked[skill]))
    return Wanted(words, title_stems, tuple(skills))


def line_features(parsed: ParsedResume, posting: str) -> list[LineFeatures]:
    """The features of every statement of the resume that could be sent, in the order of the resume's parts."""
    wanted = read_posting(posting)
    skills = frozenset(wanted.skills)
    ages = {position: age for age, position in enumerate(newest_first(parsed.roles))}
    said: set[tuple[str, str]] = set()
    found = []
    for candidate in candidates(parsed):
        words = _words(candidate.text)
        stems = _stems(words)
        pairs = set(pairwise(stems))
        repeated = len(pairs & said) / len(pairs) if pairs else 0.0
        said |= pairs
        in_role = candidate.part is Part.ROLE
        age = ages[candidate.entry] if in_role else None
        employer = _first_word(parsed.roles[candidate.entry].employer) if in_role else ""
        found.append(LineFeatures(candidate, _vector(candidate, words, wanted, skills, age, employer, repeated)))
    return found


def _vector(
    candidate: Candidate,
    words: Sequence[str],
    wanted: Wanted,
    wanted_skills: frozenset[str],
    age: int | None,
    employer: str,
    repeated: float,
) -> tuple[float, ...]:
    distinct = set(_stems(words))
    shared = sum(wanted.words.get(word, 0.0) for word in distinct)
    skills = {mention.canonical for mention in find_skills(candidate.text)}
    opens, _ = opening(candidate.text)
    about_others = candidate.part is not Part.PROJECT and (
        _ABOUT_OTHERS.match(candidate.text) is not None or bool(employer and candidate.text.startswith(employer))
    )
    length = len(candidate.text.split())
    features = {
        "bias": 1.0,
        "posting_words": shared / (shared + _HALF),
        "title_words": len(wanted.title & distinct) / len(wanted.title) if wanted.title else 0.0,
        "posting_skills": min(len(skills & wanted_skills), _MANY) / _MANY,
        "skills": min(len(skills), _MANY) / _MANY,
        "number": float(counts_something(candidate.text, words)),
        "action_verb": float(opens == "action"),
        "weak_opening": float(opens == "weak"),
        "short": max(0.0, 1 - length / _SHORTEST),
        "long": min(1.0, max(0.0, length / LONGEST - 1)),
        "recency": 0.0 if age is None else 1 / (1 + age),
        "place": 1 / (1 + candidate.place),
        "repetition": repeated,
        "about_others": float(about_others),
        "leaning": float(leans(candidate.text)),
        "shouted": float(candidate.text.isupper()),
        "dangling": float(dangles(candidate.text)),
        "personal": float(bool(pronouns(candidate.text))),
        "gerund": float(opens == "gerund"),
        "buzzwords": float(bool(buzzwords(words))),
        "keywords": max(0.0, 1 - sum(word in function_words() for word in words) / max(1.0, length * _SMALL_WORDS)),
        "labelled": float(candidate.labelled),
        "length": length / LONGEST,
    }
    return tuple(features.get(name, 0.0) for name in FEATURES)


def vector_of(**features: float) -> tuple[float, ...]:
    """The feature vector of what is no statement; features that are not given are 0."""
    return tuple(features.get(name, 0.0) for name in FEATURES)


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _stems(words: Iterable[str]) -> list[str]:
    """The stems of the words that mean something, in order."""
    small = function_words()
    return [stem(word) for word in words if len(word) > 1 and word not in small]


def _first_word(name: str) -> str:
    """The first word of an employer's name with the space behind it; "" when it is too short to tell."""
    first = name.split(" ", 1)[0]
    return f"{first} " if len(first) >= _SHORTEST_NAME else ""


@cache
def _filler() -> frozenset[str]:
    return frozenset(map(stem, _POSTING_FILLER.split()))
