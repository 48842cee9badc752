"""Deeds of a generated line that claim more than the source: stronger verbs, wider reach.

How much a verb claims is data (`tailoring.verb_strength`); so are the phrases that widen a deed.
"""

from collections.abc import Iterator

from tailoring.claims import Claim, Kind
from tailoring.evidence import Evidence
from tailoring.generated_text import Line
from tailoring.tokens import Token, inflations, is_small, sentences
from tailoring.verb_strength import deeds

_TOLERANCE = 0.99  # a verb may claim a little more: "handled" retold as "managed"
_OBJECTS = 10  # words behind a verb that say what it was done to
_SAME_DEED = 0.6  # of these words a source sentence must have, to speak of the same deed


def inflated_verbs(line: Line, evidence: Evidence, own: frozenset[int]) -> Iterator[Claim]:
    """Verbs that claim more than those of the source sentence on the same objects; `own`: the source's own words."""
    begin = 0
    items = {end for _, end in line.parts} if line.lists else set()
    for sentence in sentences(line.tokens, line.text):
        found = deeds(sentence)
        for number, (at, strength) in enumerate(found):
            if begin + at in own:
                continue
            following = (n for n, _ in found[number + 1 : number + 6] if sentence[n].text.lower().endswith("ed"))
            until = min(next(following, len(sentence)), at + 1 + _OBJECTS)
            until = next((n for n in range(at + 1, until) if begin + n in items), until)
            objects = [token for token in sentence[at + 1 : until] if _counts(token)]
            told = _told_strength(objects, evidence)
            if told is not None and strength - told > _TOLERANCE:
                yield line.claim(begin + at, begin + at, Kind.VERB_STRENGTH, "the source claims less of this")
        begin += len(sentence)


def _counts(token: Token) -> bool:
    return not token.is_number and (len(token.text) > 2 or token.text.isupper()) and not is_small(token)


def _told_strength(objects: list[Token], evidence: Evidence) -> float | None:
    """The strongest verb that the source has for these objects; None when it does not speak of them in one sentence."""
    votes: dict[int, set[int]] = {}
    for number, token in enumerate(objects):
        for place in evidence.places_of(token):
            votes.setdefault(evidence.sentence_of(place), set()).add(number)
    most = max(map(len, votes.values()), default=0)
    if most < max(1, _SAME_DEED * len(objects)):
        return None
    return max(evidence.strength_of_sentence(number) for number, shared in votes.items() if len(shared) == most)


def inflated_reach(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """Phrases that widen what was done, where the source does not: "company-wide", "from scratch"."""
    stems = [token.stem for token in line.tokens]
    for at, first in enumerate(stems):
        for phrase in inflations().get(first, ()):
            if tuple(stems[at : at + len(phrase)]) == phrase and not evidence.says_phrase(phrase):
                yield line.claim(at, at + len(phrase) - 1, Kind.STATEMENT, "the source does not say this")
