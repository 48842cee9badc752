"""Which words of a generated line the source does not know, and the whole name that a word belongs to.

Knows the harmless ways of writing a word differently (form, synonym, joining, short form); what an unknown word means
for the truth of a line is decided in `tailoring.claimed_words`.
"""

from tailoring.credentials import title_form
from tailoring.evidence import Evidence
from tailoring.generated_text import Line
from tailoring.tokens import Token, is_generic, stakes
from tailoring.verb_strength import is_weighed

_LONGEST_NAME = 8  # tokens


def is_known(at: int, tokens: list[Token], evidence: Evidence) -> bool:
    """Whether the source has this word in some way; verbs whose strength is weighed count as known."""
    token = tokens[at]
    if evidence.says(token) or (token.stem not in stakes() and is_weighed(token)):
        return True
    if title_form(token.text) in evidence.title_places:  # "Asst." for an assistant
        return True
    if at and evidence.says_joined(tokens[at - 1], token):
        return True
    if at + 1 < len(tokens) and evidence.says_joined(token, tokens[at + 1]):
        return True
    return _spelt_out(at, tokens, evidence)


def _spelt_out(at: int, tokens: list[Token], evidence: Evidence) -> bool:
    """Whether this word is part of what an abbreviation of the source stands for."""
    for size in (3, 4, 5):
        for first in range(max(0, at - size + 1), min(at, len(tokens) - size) + 1):
            if "".join(token.text[0] for token in tokens[first : first + size]).lower() in evidence.capitals:
                return True
    return False


def whole_name(run: list[int], line: Line) -> tuple[int, int]:
    """The tokens (first, last) of the name that these words belong to: "Bluepeak Software", not only Bluepeak."""
    tokens = line.tokens
    first, last = run[0], run[-1]
    while first > 0 and last - first < _LONGEST_NAME and _continues(tokens[first - 1], tokens[first], line.text):
        first -= 1
    while (
        last + 1 < len(tokens)
        and last - first < _LONGEST_NAME
        and _continues(tokens[last + 1], tokens[last], line.text)
    ):
        last += 1
    return first, last


def _continues(token: Token, neighbour: Token, text: str) -> bool:
    between = text[min(token.end, neighbour.end) : max(token.start, neighbour.start)]
    is_named = token.text[0].isupper() and neighbour.text[0].isupper()
    return between == " " and is_named and (token.start > neighbour.start or not is_generic(token.stem))
