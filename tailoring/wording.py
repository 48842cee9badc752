"""How a resume's statements are worded: openings, numbers, clichés, pronouns.

Answers questions about single statements from the word lists in `data/ats_words.yaml`. What an answer is worth is
decided by the ATS checks. Everything is compared in lower case: pass text through `calm` first, so that a line of
capitals reads as what it says.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from tailoring.spelling import is_known

Opening = Literal["action", "gerund", "other", "weak"]

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FIRST_WORDS = re.compile(r"[^\w]*(?P<first>[^\W\d_]+(?:-[^\W\d_]+)*)")
_SECOND_WORD = re.compile(r"\s+(?P<second>[^\W\d_]+)")
_ADVERB = re.compile(r"[a-z]{3,}ly")
_DIGIT = re.compile(r"\d")
_SHOUTED = re.compile(r"[A-Z]{3}")
_CAPITALS = re.compile(r"[A-Z]+")
_SMALL = re.compile(r"[a-z]+")


@cache
def _data() -> dict[str, frozenset[str]]:
    text = resources.files("tailoring").joinpath("data/ats_words.yaml").read_text("utf-8")
    return {
        name: frozenset(
            entry.split() if isinstance(entry, str) else map(str, entry.values() if isinstance(entry, dict) else entry)
        )
        for name, entry in yaml.safe_load(text).items()
    }


def function_words() -> frozenset[str]:
    return _data()["function_words"]


def calm(line: str) -> str:
    """The line as it would be without shouting: in lower case when most of its letters are capitals."""
    if not _SHOUTED.search(line):
        return line
    capitals = sum(map(len, _CAPITALS.findall(line)))
    return line.lower() if capitals > 6 and capitals > 2 * sum(map(len, _SMALL.findall(line))) else line


def has_digit(text: str) -> bool:
    """Whether there is any digit: asked before patterns that look for numbers at every place of a text."""
    return _DIGIT.search(text) is not None


# --- openings --------------------------------------------------------------------------------------------------------


@cache
def _finite_forms() -> frozenset[str]:
    """Action verbs as bullets use them: base form, third person, past."""
    verbs = _data()["action_verbs"]
    return frozenset(
        {form for verb in verbs for form in (verb, *_regular(verb, "s"), *_regular(verb, "ed"))}
        | _data()["irregular_past"]
    )


@cache
def _gerunds() -> frozenset[str]:
    return frozenset(form for verb in _data()["action_verbs"] for form in _regular(verb, "ing"))


def _regular(verb: str, ending: str) -> tuple[str, ...]:
    """The regular inflections; a consonant that may double gives both spellings (modeled, modelled)."""
    if ending == "s":
        if verb.endswith(("s", "sh", "ch", "x", "z")):
            return (verb + "es",)
        return (verb[:-1] + "ies",) if re.search(r"[^aeiou]y$", verb) else (verb + "s",)
    if verb.endswith("e"):
        return (verb[:-1] + ending,)
    if ending == "ed" and re.search(r"[^aeiou]y$", verb):
        return (verb[:-1] + "ied",)
    doubled = (verb + verb[-1] + ending,) if re.search(r"[^aeiou][aeiou][bdglmnprt]$", verb) else ()
    return (verb + ending, *doubled)


def opening(statement: str) -> tuple[Opening, str]:
    """How a statement opens, and its first word ("" without any); adverbs before the verb are skipped."""
    found = _FIRST_WORDS.match(statement)
    if not found:
        return "other", ""
    first, end = found["first"].lower(), found.end()
    second = _SECOND_WORD.match(statement, end)
    if _ADVERB.fullmatch(first) and second:
        first, end = second["second"].lower(), second.end()
        second = _SECOND_WORD.match(statement, end)
    pair = f"{first} {second['second'].lower()}" if second else first
    weak = _data()["weak_openings"]
    if first in weak or pair in weak:
        return "weak", first
    if first in _finite_forms() or (first.endswith("ed") and len(first) > 4 and is_known(first)):
        return "action", first
    if first in _gerunds():
        return "gerund", first
    return ("weak" if is_passive(statement) else "other"), first


_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be)\s+(?:[a-z]+ly\s+)?(?:[a-z]{2,}ed|built|led|done|made|given|taken|written|run|held|won|sold|kept|put|set|shown|seen)\b",
    re.IGNORECASE,
)


def is_passive(statement: str) -> bool:
    """Whether a verb of the statement is passive: "the site was rebuilt", "were developed"."""
    return _PASSIVE.search(statement) is not None


# --- numbers ---------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?P<money>[$€£₹¥]\s?)?(?<![\w.])(?P<digits>\d[\d,]{0,20}(?:\.\d{1,6})?)(?P<unit>\s?%|\s?(?:k|m|mm|b|bn|x|gb|tb|mb|ms|hrs?|pct)\b|\+)?(?![\w])",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[^\w$€£₹¥]{1,3}$")
_WORD_AFTER = re.compile(r"[ -]\s?([^\W\d_]+)")
_LISTING = re.compile(r"\W*\d{1,2}[.)]\s+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def counts_something(statement: str, words: Sequence[str]) -> bool:
    """Whether a number of the statement measures or counts: 30%, $2M, 12 engineers, a team of eight.

    `words` are the statement's words in lower case.

    Years, dates, versions ("Angular 2", "Java 8") and list numbers do not.
    """
    return _counts_in_digits(statement) or _counts_in_words(words)


def _counts_in_digits(statement: str) -> bool:
    if not has_digit(statement):
        return False
    listing = _LISTING.match(statement)
    text = statement[listing.end() :] if listing else statement
    return any(_measures(text, match) for match in _NUMBER.finditer(text))


def _measures(text: str, number: re.Match[str]) -> bool:
    if number["money"] or (number["unit"] and number["unit"] != "+"):
        return True
    if _YEAR.fullmatch(number["digits"]):
        return False
    before = _WORD_BEFORE.search(text, max(0, number.start() - 40), number.start())
    word_before = before[1] if before else ""
    if word_before.lower() in _data()["number_labels"]:
        return False
    if "," in number["digits"] or number["unit"]:
        return True
    after = _WORD_AFTER.match(text, number.end())
    if after is None:
        return word_before.lower() in ("of", "by", "to", "over", "than", "least", "nearly", "about")
    counted = after[1]
    named = word_before[:1].isupper() and before is not None and before.start() > 0  # a product and its version
    return (counted[0].islower() and counted not in function_words() and not named) or counted == "of"


def _counts_in_words(words: Sequence[str]) -> bool:
    numbers = _data()["number_words"]
    if numbers.isdisjoint(words):
        return False
    return any(
        word in numbers
        and ((at + 1 < len(words) and words[at + 1] not in function_words()) or words[max(0, at - 1)] == "of")
        for at, word in enumerate(words)
    )


# --- clichés and pronouns --------------------------------------------------------------------------------------------


@cache
def _phrases(name: str) -> dict[str, list[tuple[str, ...]]]:
    """The phrases of a list as words, under their first word, longest first; hyphens and spaces are the same."""
    phrases = {tuple(WORD.findall(phrase.lower())) for phrase in _data()[name]}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=lambda words: (-len(words), words)):
        by_first.setdefault(phrase[0], []).append(phrase)
    return by_first


def _found(words: Sequence[str], name: str) -> list[str]:
    phrases = _phrases(name)
    if phrases.keys().isdisjoint(words):
        return []
    found: list[str] = []
    end = 0
    for at, word in enumerate(words):
        if at < end or word not in phrases:
            continue
        phrase = next((phrase for phrase in phrases[word] if tuple(words[at : at + len(phrase)]) == phrase), ())
        if phrase:
            found.append(" ".join(phrase))
            end = at + len(phrase)
    return found


def buzzwords(words: Sequence[str]) -> list[str]:
    """The clichés among a line's words (in lower case), in order, repeats included."""
    return _found(words, "buzzwords")


def posting_phrases(words: Sequence[str]) -> list[str]:
    """Phrases that only job postings use: a posting was pasted in."""
    return _found(words, "posting_phrases")


PRONOUNS = frozenset(
    "i i'm i've i'd i'll i’m i’ve i’d i’ll me my mine myself we we're we've we’re we’ve our ours ourselves"  # noqa: SIM905
    " you your yours yourself".split()
)


def pronouns(text: str) -> list[str]:
    """First- and second-person pronouns, in order; "US" and "I/O" are none."""
    return [match.group() for match in _PRONOUN.finditer(text) if _is_pronoun(text, match)]


_PRONOUN = re.compile(rf"(?<![\w'’-])(?:{'|'.join(sorted(PRONOUNS, key=len, reverse=True))})(?![\w'’-])", re.IGNORECASE)


_ROMAN_ONE = re.compile(r"\b(?:type|phase|level|class|tier|part|grade|stage|category|group)\s$", re.IGNORECASE)


def _is_pronoun(text: str, match: re.Match[str]) -> bool:
    word, after = match.group(), text[match.end() : match.end() + 2]
    if word in ("I", "i"):
        numbered = _ROMAN_ONE.search(text, max(0, match.start() - 12), match.start())
        return word == "I" and after[:1] == " " and after[1:].islower() and not numbered
    return len(word) != 2 or not word.isupper()
