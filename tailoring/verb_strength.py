"""How much each verb of a sentence claims, from lending a hand (1) to answering for others (4): `data/verbs.yaml`.

A verb that hangs on a hedge claims no more than the hedge: "assisted in managing" assists. Comparing two sentences is
the truth check's business.
"""

from collections.abc import Sequence
from functools import cache

from tailoring.tokens import Token, is_generic, phrase_stem, read_data, synonyms

ORDINARY = 2.0  # any verb that is not listed
_HEDGE = 1.3  # up to here a verb rules all that hang on it ...
_HALF_HEDGE = 1.5  # ... and up to here those that lead: "involved in managing"
_LEADING = 3.0
_LINKS = frozenset("and or by in for of while to with from include including involve involves".split())
# Words that share a stem with a listed verb but name people, things or qualities.
_NOT_VERBS = frozenset(
    """account accounts accounting accounted accountant accountants assistance engineer engineers engineering developer developers builder designer designers creator architect architects architecture
    user users manager managers management leader leaders leadership director directors direction directions directly supervisor
    supervisors supervision owner owners ownership driver drivers executive executives coordinator coordinators
    coordination administrator administrators administration support maintenance head heads lead leads drive drives
    foundation founder planner plans plan control controls guide guides guideline guidelines help study studies work
    works worker workers working review reviews run runs participant participants contributor established deliverable
    deliverables delivery handler organization organisation organizations organizational organiser execution
    monitor monitors conductor governance government command commands direct own pilot assistant assistants collaboration
    engagement involvement contribution responsibility responsibilities mentor mentors aid aids champion champions pioneer
    attendance learning attended founded found""".split()
)
# Of these, what opens a sentence is a verb after all ("Lead a team").
_VERBS_IN_FRONT = frozenset("lead head drive manage plan control guide help study work review run monitor direct own support aid".split())


@cache
def _levels() -> dict[str, float]:
    return {phrase_stem(verb): level for level, verbs in read_data("verbs.yaml")["levels"].items() for verb in verbs}


def is_weighed(stem: str) -> bool:
    """Whether the truth check weighs this verb, in any of its forms, so that it needs no other support."""
    return stem in _levels()


def level(token: Token, *, opens: bool, after_link: bool = False) -> float | None:
    """What the token claims as a verb; None when it is no listed verb. `opens`: it is the first word of its sentence;
    `after_link`: it follows a word such as "and" or "by".
    """
    found = _levels().get(token.stem)
    if found is None:
        return None
    lower = token.text.lower()
    if found >= _LEADING and lower.endswith("ing") and not opens and not after_link:
        return None  # "driving licence"
    return None if lower in _NOT_VERBS and not (opens and lower in _VERBS_IN_FRONT) else found


def strength_of(tokens: Sequence[Token]) -> float:
    """The strongest verb of a sentence; at least an ordinary one when it opens with something else than a listed verb."""
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
        strength = level(token, opens=at == 0, after_link=at > 0 and tokens[at - 1].text.lower() in _LINKS)
        if strength is None:
            if at == 0 and token.text.lower().endswith("ed") and (not is_generic(token.stem) or len(synonyms(token.stem)) > 1):
                found.append((at, ORDINARY))
            continue
        finite = at == 0 or token.text.lower().endswith(("ed", "led", "built", "wrote", "ran", "took"))
        if not finite and (hedge <= _HEDGE or (hedge <= _HALF_HEDGE and strength >= _LEADING)):
            continue
        hedge = strength
        found.append((at, strength))
    return found
