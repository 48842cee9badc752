"""Words and numbers of a text with their places, and the stem that any form of a word shares.

Knows English word forms and which words mean the same (`data/paraphrase.yaml`, `data/verbs.yaml`). What a difference
between two texts is worth is decided by the truth check.
"""

import re
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

# An abbreviation with dots, a number, or a word; a word may carry digits (HTML5) and end in ++ or #.
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])\.?"
    r"|(?<!\d)[1-9]\d{0,2}(?:[ \u00a0]\d{3})+(?![\d.,])"  # 40 000
    r"|\d+(?:[.,]\d+)*"
    r"|[^\W\d_][^\W_]*(?:['’](?:[sS]|t|re|ve)\b)?(?:\+\+|#)?"
)
_BREAK = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = dict.fromkeys((0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_SENTENCE_END = re.compile(r"[.;!?]\s|[\n•]")
_BREAK_OR_BULLET = re.compile(_BREAK.pattern + r"|[•●▪■◦‣➢➤►✓❖]")

# Endings with what replaces them; a stem keeps at least four letters.
_REPLACED = {
    "izations": "iz",
    "isations": "iz",
    "ization": "iz",
    "isation": "iz",
    "ifications": "ify",
    "ification": "ify",
    "ically": "ic",
}
_DROPPED = """
    ability ations ments ation ating ators ator ated ates ively ingly edly ment ness ings ions ance ence ancy
    ency able ible ive ing ied ies ibility ibilities abilities ion ers ors ate ful ity ial ual ant ent ed er
    or ly al es s e y
"""
_SPELLINGS = (
    ("yse", "yze"),
    ("yst", "yz"),
    ("ysi", "yzi"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("ise", "ize"),
    ("our", "or"),
    ("centre", "center"),
)
_INFLECTIONS = frozenset(("ed", "ing", "s", "es"))  # these may leave three letters
_SHORTEST_STEM = 4
_ENDINGS = sorted((_REPLACED | dict.fromkeys(_DROPPED.split(), "")).items(), key=lambda each: -len(each[0]))


class Token(NamedTuple):
    """`text` as written, its `stem`, its place in characters, and the number of its line, from 0."""

    text: str
    stem: str
    start: int
    end: int
    line: int

    @property
    def is_number(self) -> bool:
        """Whether it is a number in decimal digits; raised digits and such are signs, not numbers."""
        return self.text[0].isdecimal()


@cache
def read_data(name: str) -> dict[str, Any]:
    """One of the YAML files in `tailoring/data`."""
    text = resources.files("tailoring").joinpath("data", name).read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return data


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What the forms of a word share: `developing`, `developed`, `Development` -> `develop`; a number is itself."""
    if word[0].isdecimal():
        return word
    lower = word.lower().replace("’", "'").replace(".", "")
    if lower[-2:] == "'s":
        lower = lower[:-2]
    lower = _irregular().get(lower, lower)
    if len(lower) == _SHORTEST_STEM and (lower[-1] == "e" or (lower[-1] == "s" and lower[-2] != "s")):
        return lower[:-1]
    if len(lower) <= _SHORTEST_STEM:
        return lower
    for british, american in _SPELLINGS:
        lower = lower.replace(british, american)
    lower = _stripped(lower)
    if len(lower) >= _SHORTEST_STEM and lower[-1] == lower[-2]:
        lower = lower[:-1]
    return lower


@cache
def _irregular() -> dict[str, str]:
    return dict(read_data("verbs.yaml")["irregular"])


def _stripped(word: str) -> str:
    for _ in range(3):
        for ending, instead in _ENDINGS:
            shortest = 3 if ending in _INFLECTIONS else _SHORTEST_STEM
            if word.endswith(ending) and len(word) - len(ending) + len(instead) >= shortest:
                word = word[: -len(ending)] + instead
                break
        else:
            return word
        if instead:
            return word
    return word


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Synonyms of several words, longest first, under the stem of their first: ("carry", "out") -> "carry_out"."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    groups = [group.split() for group in read_data("paraphrase.yaml")["synonyms"]]
    for group in (*groups, *read_data("verbs.yaml")["levels"].values()):
        for phrase in group:
            words = tuple(map(stem, phrase.split("_")))
            if len(words) > 1:
                found.setdefault(words[0], []).append((words, "_".join(words)))
    return {first: sorted(set(phrases), key=lambda each: -len(each[0])) for first, phrases in found.items()}


def phrase_stem(phrase: str) -> str:
    """The stem of a word or of a phrase joined by "_", as `tokenize` names it."""
    return "_".join(map(stem, phrase.split("_")))


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    meanings: dict[str, set[str]] = {}
    for group in read_data("paraphrase.yaml")["synonyms"]:
        stems = {phrase_stem(phrase) for phrase in group.split()}
        for each in stems:
            meanings.setdefault(each, set()).update(stems)
    return {each: frozenset(others) for each, others in meanings.items()}


def synonyms(stem_: str) -> frozenset[str]:
    """The stems that may stand for this one, itself among them."""
    return _synonyms().get(stem_) or frozenset((stem_,))


@cache
def _stems_of(field: str) -> frozenset[str]:
    return frozenset(map(stem, read_data("paraphrase.yaml")[field].split())) - stakes().keys()


def is_generic(stem_: str) -> bool:
    """Whether the word states nothing that could be false."""
    return stem_ in _stems_of("generic")


_LONGEST_SENTENCE = 80  # tokens; text without full stops is cut here


@cache
def _small() -> frozenset[str]:
    return frozenset(read_data("paraphrase.yaml")["small"].split())


def is_small(token: Token) -> bool:
    """Whether it is an article, a preposition or the like, which says nothing of what stands near it."""
    return token.text.lower() in _small()


def sentences(tokens: list[Token], text: str) -> list[list[Token]]:
    """The tokens by sentence: cut at full stops, semicolons and line ends."""
    found = []
    begin = 0
    for at, (token, after) in enumerate(pairwise(tokens), 1):
        if (
            token.line != after.line
            or at - begin == _LONGEST_SENTENCE
            or (after.start - token.end > 1 and _SENTENCE_END.search(text, token.end, after.start))
        ):
            found.append(tokens[begin:at])
            begin = at
    return [*found, tokens[begin:]] if tokens else []


def says_nothing(token: Token) -> bool:
    """Whether the word itself is generic; "Looker" is not, though "look" is."""
    lower = token.text.lower()
    return is_generic(token.stem) and (lower[-2:] not in ("er", "or") or lower in _generic_words())


def forms(verb: str) -> frozenset[str]:
    """A verb in its regular forms and both spellings: plan, plans, planned, planning; organise, organized ..."""
    base = verb.removesuffix("e")
    if verb[-1] == "y" and verb[-2] not in "aeou":
        found = {verb, f"{verb}ing", f"{verb[:-1]}ies", f"{verb[:-1]}ied"}
    else:
        found = {verb, f"{verb}s", f"{base}es", f"{base}ed", f"{base}ing"}
        if verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" and verb[-3:-2] not in "aeiou":
            found |= {f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"}
    if verb.endswith(("ise", "yse")):
        found |= {form.replace("is", "iz").replace("ys", "yz") for form in found}
    return frozenset(found)


def is_manner(token: Token) -> bool:
    """Whether the word only tells a deed in another way, so that by itself it names no new thing."""
    return token.text.lower() in _manner()


@cache
def _manner() -> frozenset[str]:
    return frozenset().union(*map(forms, read_data("paraphrase.yaml")["manner"].split()))


@cache
def _generic_words() -> frozenset[str]:
    return frozenset(read_data("paraphrase.yaml")["generic"].split())


def plain_spaces(text: str) -> str:
    """The text, equally long, with every kind of space that stays on the line as a plain one."""
    return text.translate(_SPACES)


def tokenize(text: str, *, cut_at_bullets: bool = True) -> list[Token]:
    """The tokens of a text; a phrase with a synonym ("carried out") is one. `cut_at_bullets`: they begin lines."""
    breaks = [match.start() for match in (_BREAK_OR_BULLET if cut_at_bullets else _BREAK).finditer(text)]
    tokens: list[Token] = []
    line, next_break = 0, breaks[0] if breaks else len(text)
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while next_break < start:
            line += 1
            next_break = breaks[line] if line < len(breaks) else len(text)
        word = match[0]
        tokens.append(Token(word, stem(word), start, end, line))
    return _joined(tokens, text)


def _joined(tokens: list[Token], text: str) -> list[Token]:
    phrases = _phrases()
    found: list[Token] = []
    done = 0  # tokens before this one are in `found`
    for at, token in enumerate(tokens):
        for words, name in phrases.get(token.stem, ()) if at >= done else ():
            run = tokens[at : at + len(words)]
            if run[-1].line == token.line and tuple(each.stem for each in run) == words:
                found += tokens[done:at]
                found.append(Token(text[token.start : run[-1].end], name, token.start, run[-1].end, token.line))
                done = at + len(words)
                break
    return [*found, *tokens[done:]]


@cache
def abbreviations() -> dict[str, tuple[str, ...]]:
    """Short forms, in lower case, with the stems of the words that they stand for."""
    return {
        short: tuple(map(stem, words.split())) for short, words in read_data("paraphrase.yaml")["abbreviations"].items()
    }


@lru_cache(maxsize=65_536)
def written_out(word: str) -> tuple[str, ...]:
    """The words, in lower case, that a short form stands for; () for any other word."""
    words = read_data("paraphrase.yaml")["abbreviations"].get(word.lower().replace(".", ""), "")
    return tuple(words.split())


@cache
def inflations() -> dict[str, list[tuple[str, ...]]]:
    """Phrases that widen a deed, as stems, under their first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in read_data("paraphrase.yaml")["inflations"]:
        words = tuple(map(stem, phrase.split()))
        found.setdefault(words[0], []).append(words)
    return found


@cache
def stakes() -> dict[str, str]:
    """Stems of the words that always state a fact, with what the fact is about."""
    return {
        stem(word): about for about, words in read_data("paraphrase.yaml")["stakes"].items() for word in words.split()
    }
