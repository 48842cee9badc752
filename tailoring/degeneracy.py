"""Texts that are no resume at all: empty, repeating themselves, or leaking the prompt.

Compares with the source, since a real resume may repeat a phrase. Whether what a text says is true is not decided here.
"""

import re
from collections import Counter
from itertools import islice

from tailoring.tokens import Token, is_generic

# Each pattern is tried only where its first word (or sign) occurs: together they cost more than all the rest.
_LEAKS = {
    trigger: re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for trigger, pattern in (
        # People work "as an AI engineer" and train a "large language model": only a model says that it is one.
        (
            "as a",
            r"\bas an? (?:ai(?: (?:language )?(?:model|assistant))?|artificial intelligence|language model)[, ]+i\b",
        ),
        ("here", r"\bhere(?:'s|’s| is| are) (?:the|your|a|an) (?:\w+ ){0,3}(?:resume|cv|version)\b"),
        ("below is", r"\bbelow is (?:the|your|a|an) (?:\w+ ){0,3}(?:resume|cv|version)\b"),
        ("resume", r"\b(?:the above|this) resume (?:has|was|is)\b|\b(?:resume|cv) (?:provided|below|above)\b"),
        ("you are", r"\byou are (?:an?|the) (?:\w+ ){0,2}(?:writer|assistant|expert|recruiter)\b"),
        ("<", r"</?(?:resume|job_posting|system|instructions?|source|posting|context|output)\b"),
        ("system", r"^\s{0,8}system\s?:"),
        ("user", r"^\s{0,8}user\s?:"),
        ("assistant", r"^\s{0,8}assistant\s?:"),
        ("sure", r"^\s{0,8}sure[!,.]"),
        ("certainly", r"^\s{0,8}certainly[!,.]"),
        ("of course", r"^\s{0,8}of course[!,.]"),
        ("job ", r"\bjob (?:description|posting|ad) (?:provided|below|above)\b"),
        ("invent", r"\b(?:do not|don't|never) invent\b"),
        ("fabricate", r"\b(?:do not|don't|never) fabricate\b"),
        ("make up", r"\b(?:do not|don't|never) make up\b"),
        ("rewrite", r"\brewrite (?:the|this|my|your) (?:[\w'’]+ ){0,2}(?:resume|cv|text|above)\b"),
        ("tailored", r"\b(?:resume|cv|summary|version) (?:is|was|has been) (?:\w+ )?tailored\b"),
        ("i can", r"\bI (?:cannot|can't)\b"),
        ("i am unable", r"\bI am unable to\b"),
        ("i have", r"\bI have (?:tailored|rewritten|updated|optimi[sz]ed) (?:the|this|your|it)\b"),
        ("i've", r"\bI['’]ve (?:tailored|rewritten|updated|added|optimi[sz]ed) (?:the|this|your|it)\b"),
        ("your", r"[\[<{]\s?your\b[^\]>}\n]{0,40}[\]>}]"),
        ("[", r"\[\s?(?:insert|company|candidate|applicant|name|date)\b[^\]\n]{0,40}\]"),
        ("{", r"\{\{[^}\n]{0,60}\}\}|^\s{0,8}\{\s{0,8}\"(?:headline|summary|skills|experience)"),
        ("lorem", r"\blorem ipsum\b"),
        ("| ", r"^\d+\|\s"),
        ("```", r"^\s{0,8}```"),
    )
}
_FEWEST_WORDS = 5
_COPIES = 3  # copies of a line beyond the source's
_LOOPS = 10  # times that three words may come back beyond what the source does


def leak(generated: str, source: str) -> tuple[int, int] | None:
    """Where the text shows its prompt or its author's remarks, in characters; None when nowhere."""
    lower = generated.lower()
    for trigger, pattern in _LEAKS.items():
        match = pattern.search(generated) if trigger in lower else None
        if match and match.group().strip().lower() not in source.lower():
            return match.span()
    return None


def is_empty(tokens: list[Token], source: list[Token]) -> bool:
    """Whether fewer than five words say anything, and not half as many as in the source."""
    says = _telling(tokens)
    return says < _FEWEST_WORDS and says < max(1, _telling(source) / 2)


def _telling(tokens: list[Token]) -> int:
    """How many words say anything, counted up to twice the fewest of a resume."""
    return sum(1 for _ in islice((token for token in tokens if not is_generic(token.stem)), 2 * _FEWEST_WORDS))


def repeated_line(lines: list[str], source_lines: Counter[str]) -> int | None:
    """Which of the lines (strings of stems) is said again and again; None when none is, or the source does so too."""
    counts = Counter(line for line in lines if line.count(" ") >= 3)
    usual = max((count for line, count in source_lines.items() if line.count(" ") >= 3), default=1)
    found = [line for line, count in counts.items() if count >= _COPIES + usual]
    return lines.index(found[0]) if found else None


def loop(tokens: list[Token], source_counts: Counter[tuple[str, ...]]) -> tuple[int, int] | None:
    """Tokens (first, last) of three words that come back far more often than in the source; None when none do."""
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
