"""Which statements go into a tailored resume: the best by score, within the space of one to two pages.

Only chooses among scored statements; what a score rests on, and how the document is put together, is decided elsewhere.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tailoring.dates import find_date_ranges
from tailoring.objectives import IDENTITY, hopes
from tailoring.resume import Statement
from tailoring.statements import Candidate, Part, dangles, leans, sentence, sentences

Entry = tuple[Part, int]  # a role or project: its part, and its number there

FEWEST_WORDS, _MOST_WORDS = 320, 620  # of bullets; headings, skills and education come on top
_ROLE_QUOTAS = (8, 6, 5, 4, 3, 2)  # bullets of the newest role, the next, ..., the oldest ones
_NEWEST = 3  # roles that keep two statements whatever they are worth
_PROJECTS, _PROJECT_QUOTA = 4, 3
_SENTENCES, _SUMMARY_WORDS = 3, 70
_SHORTEST_SENTENCE, _LONGEST_SENTENCE = 5, 35  # words
_SHORTEST_DEED = 8  # words of a sentence that was not written as a summary
_SPARE, _SPARE_TO_INTRODUCE = 4, 2  # statements that a role keeps when its best goes to the summary
_FLOOR = -3.0  # what scores less is not taken for the sake of its role alone


@dataclass(frozen=True, slots=True)
class Scored:
    """A statement and what it is worth to the posting; above 0 it is worth its place."""

    candidate: Candidate
    score: float

    @property
    def words(self) -> int:
        return len(self.candidate.text.split())

    def statement(self) -> Statement:
        return Statement(text=self.candidate.text, source_lines=list(self.candidate.line_nos))

    def as_sentence(self) -> Statement:
        return Statement(text=sentence(self.candidate.text), source_lines=list(self.candidate.line_nos))


def choose_summary(scored: Iterable[Scored], room: float, *, introduce: bool = False) -> list[Scored]:
    """One to three sentences on who the person is; [] when the resume has none to spare.

    From the resume's own summary, else from sentences above the first heading, else from awards and the best statements
    of entries that have more than they need; they need less when `introduce` says that a summary is worth more.
    """
    able = [one for one in scored if one.score > _FLOOR and may_introduce(one.candidate)]
    offered = own_introduction([one.candidate for one in able])
    if own := [one for one in able if one.candidate in offered]:
        # The first sentence says who the person is; the others are in the order of the resume.
        best = [own[0], *sorted((one for one in own[1:] if one.score + room > 0), key=_worth)]
        return sorted(_within_limits(best), key=own.index)
    who = [one for one in able if IDENTITY.search(one.candidate.text)][:1]
    strong = [one for one in able if one.words >= _SHORTEST_DEED and one not in who]
    spare = [one for statements in _by_entry(able).values() for one in sorted(statements, key=_worth)[:-_SPARE]]
    good = [one for one in strong if one in spare or one.candidate.part is Part.AWARD]
    if found := _within_limits([*who, *sorted(good, key=_worth)][:2]):
        return found
    more = [one for lines in _by_entry(able).values() for one in sorted(lines, key=_worth)[:-_SPARE_TO_INTRODUCE]]
    return _within_limits(sorted((one for one in strong if one in more), key=_worth)[:1]) if introduce else []


def choose_bullets(scored: Iterable[Scored], ages: Mapping[int, int], room: float) -> dict[Entry, list[Scored]]:
    """The statements of each role and project, best first, facts behind a label last.

    `ages` gives the rank of each role, newest 0. Every role keeps its best statement, the newest ones two. Beyond these
    the best of all are taken while they are worth it, and while the page is still short if `room` makes them so.
    """
    ranked = sorted((one for one in scored if one.candidate.part in (Part.ROLE, Part.PROJECT)), key=_worth)
    projects = list(dict.fromkeys(_entry(one) for one in ranked if one.candidate.part is Part.PROJECT))
    facts = {_entry(one): one for one in reversed(ranked) if one.candidate.labelled}  # one line of them for each entry
    ranked = [
        one
        for one in ranked
        if (one.candidate.part is Part.ROLE or _entry(one) in projects[:_PROJECTS])
        and (not one.candidate.labelled or one is facts[_entry(one)])
    ]
    chosen: dict[Scored, None] = {}
    taken: Counter[Entry] = Counter()
    words = 0

    def take(wanted: Callable[[Scored], bool]) -> None:
        nonlocal words
        for one in ranked:
            if one not in chosen and wanted(one):
                chosen[one] = None
                taken[_entry(one)] += 1
                words += one.words

    def is_worth_it(one: Scored) -> bool:
        return one.score + (room if words < FEWEST_WORDS else 0.0) > 0

    take(
        lambda one: one.score > _FLOOR and not one.candidate.labelled and taken[_entry(one)] < _least(_entry(one), ages)
    )
    take(
        lambda one: (
            is_worth_it(one) and words + one.words <= _MOST_WORDS and taken[_entry(one)] < _quota(_entry(one), ages)
        )
    )
    take(lambda one: words < FEWEST_WORDS and is_worth_it(one))
    return _by_entry(sorted(chosen, key=lambda one: (one.candidate.labelled, _worth(one))))


def own_introduction(able: Sequence[Candidate]) -> list[Candidate]:
    """Of sentences that may introduce, those that the resume offers as such: in its summary, or else above all."""
    above = [one for one in able if one.part is Part.OPENING and len(one.text.split()) >= _SHORTEST_DEED]
    return [one for one in able if one.part is Part.SUMMARY] or above


def is_open(candidates: Iterable[Candidate]) -> bool:
    """Whether `introduce` decides if there is a summary: none is offered or to spare, but one could be made."""
    able = [Scored(one, 0.0) for one in candidates if may_introduce(one)]
    return not choose_summary(able, 0.0) and bool(choose_summary(able, 0.0, introduce=True))


def may_introduce(candidate: Candidate) -> bool:
    """Whether it reads as a sentence about the person, by itself."""
    text = candidate.text
    return (
        not candidate.labelled
        and _SHORTEST_SENTENCE <= len(text.split()) <= _LONGEST_SENTENCE
        and text[0].isalnum()
        and ":" not in text
        and not leans(text)
        and not dangles(text)
        and not hopes(text)
        and (IDENTITY.search(text) is not None or _is_prose(text))
    )


def _is_prose(text: str) -> bool:
    """Whether at least half of the words are in lower case and none is a date, unlike in a list of entries."""
    words = text.split()
    return sum(map(str.islower, words)) >= len(words) / 2 and not find_date_ranges(text)


def _within_limits(best: Iterable[Scored]) -> list[Scored]:
    chosen: list[Scored] = []
    room, words = _SENTENCES, _SUMMARY_WORDS
    for one in best:
        count = len(sentences(one.candidate.text))
        if count <= room and one.words <= words:
            chosen.append(one)
            room, words = room - count, words - one.words
    return chosen


def _worth(one: Scored) -> float:
    return -one.score  # the sort is stable: equals keep the order of the resume


def _entry(one: Scored) -> Entry:
    return one.candidate.part, one.candidate.entry


def _by_entry(statements: Iterable[Scored]) -> dict[Entry, list[Scored]]:
    entries: defaultdict[Entry, list[Scored]] = defaultdict(list)
    for one in statements:
        entries[_entry(one)].append(one)
    return entries


def _least(entry: Entry, ages: Mapping[int, int]) -> int:
    return 2 if entry[0] is Part.ROLE and ages[entry[1]] < _NEWEST else 1


def _quota(entry: Entry, ages: Mapping[int, int]) -> int:
    if entry[0] is Part.PROJECT:
        return _PROJECT_QUOTA
    return _ROLE_QUOTAS[min(ages[entry[1]], len(_ROLE_QUOTAS) - 1)]
