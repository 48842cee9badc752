"""Texts that are no resume at all: empty, repeating themselves, or leaking the prompt.

Compares with the source, since a real resume may repeat a phrase. Whether what a text says is true is not decided here.
"""

import re
from collections import Counter

from tailoring.tokens import Token, is_generic

_LEAKS = re.compile(
    r"""\bas\ an\ (?:ai|artificial)\b | \b(?:ai|large)\ language\ model\b
    | \bhere(?:'s|’s|\ is|\ are)\ (?:the|your|a|an)\ (?:\w+\ ){0,3}(?:resume|cv|version)\b
    | \bbelow\ is\ (?:the|your|a|an)\ (?:\w+\ ){0,3}(?:resume|cv|version)\b
    | \b(?:the\ above|this)\ resume\ (?:has|was|is)\b
    | \byou\ are\ (?:an?|the)\ (?:\w+\ ){0,2}(?:writer|assistant|expert|recruiter)\b
    | </?(?:resume|job_posting|system|instructions?|source|posting|context|output)\b
    | ^\s*(?:system|user|assistant)\s*:
    | ^\s*(?:sure|certainly|of\ course|absolutely)[!,.]
    | \b(?:job\ (?:description|posting)|resume|cv)\ (?:provided|below|above)\b
    | \b(?:do\ not|don't|never)\ (?:invent|fabricate|make\ up|hallucinate)\b
    | \brewrite\ (?:the|this|my)\b
    | \btailored\ (?:\w+\ ){0,3}to\ (?:the|this|your)\ (?:job|posting|role|position)\b
    | \bI\ (?:cannot|can't|am\ unable\ to)\b | \bI(?:'ve|\ have)\ (?:tailored|rewritten|updated|added|optimi[sz]ed)\b
    | [\[<{]\s*(?:your|insert|company|candidate|applicant)\b[^\]>}\n]{0,40}[\]>}]
    | \{\{[^}\n]{0,60}\}\} | \blorem\ ipsum\b | ^\s*\d+\|\s | ^\s*```
    | ^\s*\{\s*"(?:headline|summary|skills|experience)"
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_FEWEST_WORDS = 5
_LOOPS = 6  # times that three words may come back beyond what the source does


def leak(generated: str, source: str) -> tuple[int, int] | None:
    """Where the text shows its prompt or its author's remarks, in characters; None when nowhere."""
    for match in _LEAKS.finditer(generated):
        if match.group().strip().casefold() not in source.casefold():
            return match.span()
    return None


def is_empty(tokens: list[Token]) -> bool:
    """Whether fewer than five words say anything."""
    return sum(not is_generic(token.stem) for token in tokens) < _FEWEST_WORDS


def loop(tokens: list[Token], source_counts: Counter[tuple[str, ...]]) -> tuple[int, int] | None:
    """Tokens (first, last) of three words that come back far more often than in the source; None when there are none."""
    counts = trigrams(tokens)
    found = [words for words, count in counts.items() if count >= _LOOPS + 2 * source_counts[words]]
    if not found:
        return None
    worst = max(found, key=lambda words: (counts[words], words))
    stems = [token.stem for token in tokens]
    first = next(at for at in range(len(stems) - 2) if tuple(stems[at : at + 3]) == worst)
    return first, first + 2


def trigrams(tokens: list[Token]) -> Counter[tuple[str, ...]]:
    """How often any three words follow each other."""
    stems = [token.stem for token in tokens]
    return Counter(zip(stems, stems[1:], stems[2:], strict=False))
