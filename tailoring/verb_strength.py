"""How much each verb of a sentence claims, from lending a hand (1) to answering for others (4): `data/verbs.yaml`.

A verb that hangs on a hedge claims no more than the hedge: "assisted in managing" assists. Comparing two sentences is
the truth check's business.
"""

from collections.abc import Sequence
from functools import cache

from tailoring.tokens import Token, forms, is_generic, phrase_stem, read_data, synonyms

ORDINARY = 2.0  # any verb that is not listed
_HEDGE = 1.3  # up to here a verb rules all that hang on it ...
_HALF_HEDGE = 1.5  # ... and up to here those that lead: "involved in managing"
_LEADING = 3.0


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(read_data("verbs.yaml")[name].split())


@cache
def _levels() -> dict[str, float]:
    return {phrase_stem(verb): level for level, verbs in read_data("verbs.yaml")["levels"].items() for verb in verbs}


@cache
def _verb_forms() -> frozenset[str]:
    """Every form of a listed verb; nouns made of one ("directory", "organisation") are none."""
    verbs = {verb for verbs in read_data("verbs.yaml")["levels"].values() for verb in verbs}
    irregular: dict[str, str] = read_data("verbs.yaml")["irregular"]
    return frozenset().union(*map(forms, verbs), (form for form, verb in irregular.items() if verb in verbs))


def is_weighed(token: Token) -> bool:
    """Whether it is a form of a verb that the truth check weighs, so that it needs no other support."""
    return token.stem in _levels() and ("_" in token.stem or token.text.lower() in _verb_forms())


def level(token: Token, *, opens: bool, after_link: bool = False) -> float | None:
    """What the token claims as a verb; None when it is no listed verb. `opens`: it is the first word of its sentence;
    `after_link`: it follows a word such as "and" or "by".
    """
    if not is_weighed(token):
        return None
    found = _levels()[token.stem]
    lower = token.text.lower()
    if found >= _LEADING and lower.endswith("ing") and not opens and not after_link:
        return None  # "driving licence"
    return None if lower in _words("not_verbs") and not (opens and lower in _words("verbs_in_front")) else found


def takes_back(token: Token) -> bool:
    """Whether what follows the token claims less for it: a hedge ("assisted in") or a negation."""
    found = level(token, opens=False)
    return (found is not None and found <= _HALF_HEDGE) or token.text.lower() in _words("negations")


def strength_of(tokens: Sequence[Token]) -> float:
    """What the strongest verb of a sentence claims; at least an ordinary one, unless a listed verb opens it."""
    found = deeds(tokens)
    ordinary = not found or found[0][0] > 0
    return max([strength for _, strength in found] + [ORDINARY] * ordinary)


def deeds(tokens: Sequence[Token]) -> list[tuple[int, float]]:
    """The verbs of one sentence (place among the tokens, level), less those that hang on a hedge.

    The first word counts as an ordinary verb when its form says that it is one.
    """
    found: list[tuple[int, float]] = []
    hedge = ORDINARY
    for at, token in enumerate(tokens):
        if token.text.lower() in _words("negations"):
            hedge = _HEDGE
        strength = level(token, opens=at == 0, after_link=at > 0 and tokens[at - 1].text.lower() in _words("links"))
        if strength is None:
            if (
                at == 0
                and token.text.lower().endswith("ed")
                and (not is_generic(token.stem) or len(synonyms(token.stem)) > 1)
            ):
                found.append((at, ORDINARY))
            continue
        finite = at == 0 or token.text.lower().endswith(("ed", "led", "built", "wrote", "ran", "took"))
        if not finite and (hedge <= _HEDGE or (hedge <= _HALF_HEDGE and strength >= _LEADING)):
            continue
        hedge = strength
        found.append((at, strength))
    return found
