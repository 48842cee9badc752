"""Which parts of a generated line are the source's own words: sentences, fields and items that stand so in the source.

A part counts as copied when the source has its words one after the other, and nothing in front of them there takes
back what they say ("assisted in", "not"). What is made of that is decided by those who judge claims.
"""

from tailoring.evidence import Evidence
from tailoring.generated_text import Line
from tailoring.numbers import Quantity
from tailoring.tokens import Token, is_small

_IN_A_PHRASE = frozenset((" ", "-", "/", ""))  # what may stand between the words of one phrase


def copied(line: Line, evidence: Evidence) -> frozenset[int]:
    """The tokens (places in the line) of its parts that the source has word for word."""
    found: set[int] = set()
    for first, end in line.parts:
        if end - first > 1 and evidence.says_of_the_person(line.tokens[first:end]):
            found.update(range(first, end))
    return frozenset(found)


def stands_in_name(number: Quantity, line: Line, evidence: Evidence) -> bool:
    """Whether the number is part of a name ("Windows 10", "3D printing") that the source has: with the same word on
    either side, as far as there is one, and one of the two written large or glued to the number.
    """
    tokens, first, last = line.tokens, number.first, number.last
    before = first - 1 if first and _adjoin(tokens[first - 1], tokens[first], line.text) else first
    after = last + 1 if last + 1 < len(tokens) and _adjoin(tokens[last], tokens[last + 1], line.text) else last
    sides = [tokens[at] for at in (before, after) if not first <= at <= last]
    if not any(_names(side, tokens[first], tokens[last], line.text) for side in sides):
        return False
    return evidence.says_run(tokens[before : after + 1]) or (
        before < first == last == after
        and not number.unit
        and tokens[before].text[0].isupper()
        and evidence.says_joined(tokens[before], tokens[first])
    )


def _adjoin(token: Token, after: Token, text: str) -> bool:
    return text[token.end : after.start] in _IN_A_PHRASE


def _names(side: Token, first: Token, last: Token, text: str) -> bool:
    glued = text[min(side.end, last.end) : max(side.start, first.start)] != " "
    return not side.is_number and (glued or (side.text[0].isupper() and not is_small(side)))
