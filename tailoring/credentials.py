"""Titles and degrees in a text, each in one spelling, and the words that mark names of schools, employers and such.

Knows `data/credentials.yaml` and how such phrases are built; whether the source has them is decided elsewhere.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from tailoring.tokens import Token, is_generic, read_data

_LONGEST_DEGREE = 5  # words
_MOST_MODIFIERS = 3  # words in front of the noun of a title
_BETWEEN_TITLE_WORDS = frozenset(("", " ", "-", "/", " / ", "  ", ". "))
# Generic elsewhere, but part of what a title says.
_TELLING = frozenset(("team", "project", "technical", "business", "system", "systems", "client", "quality", "process",
                      "information", "product", "field", "customer", "learning", "training"))  # fmt: skip
_AMBIGUOUS = frozenset(("be", "me", "ma", "ba", "bs"))
_LEADING = frozenset(("lead", "head", "chief", "director", "president"))


@dataclass(frozen=True, slots=True)
class Degree:
    """A degree by its name in the data ("m.science"; "m.*": any master's), and the tokens (first, last) that say it."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TitlePhrase:
    """The words of a title in one spelling, and the tokens (first, last) that say it."""

    words: tuple[str, ...]
    first: int
    last: int


@cache
def words_of(field: str) -> frozenset[str]:
    """One of the word lists: titles, ranks, schools, employers, certificates."""
    entry = read_data("credentials.yaml")[field]
    return frozenset(entry.split() if isinstance(entry, str) else entry)


@lru_cache(maxsize=65_536)
def title_form(word: str) -> str:
    """A word as titles are compared: lower case, no plural, short forms written out."""
    lower = word.lower().rstrip(".").replace("’", "'")
    variants: dict[str, str] = read_data("credentials.yaml")["title_variants"]
    if lower in variants:
        return variants[lower]
    singular = lower[:-1] if len(lower) > 4 and lower[-1] == "s" and lower[-2] not in "su" else lower
    return variants.get(singular, singular)


@cache
def _degrees() -> dict[str, str]:
    return {
        written.replace("'", ""): name
        for name, forms in read_data("credentials.yaml")["degrees"].items()
        for written in forms
    }


def find_degrees(tokens: list[Token]) -> list[Degree]:
    """The degrees that are named, the longest reading of each."""
    found = []
    at = 0
    firsts = _first_words()
    while at < len(tokens):
        degree = _degree(tokens, at) if _plain(tokens[at].text) in firsts else None
        if degree:
            found.append(degree)
            at = degree.last
        at += 1
    return found


@cache
def _first_words() -> frozenset[str]:
    return frozenset(written.split()[0] for written in _degrees())


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    return word.lower().replace(".", "").replace("'", "").replace("’", "")


def _degree(tokens: list[Token], at: int) -> Degree | None:
    line = tokens[at].line
    for length in range(_LONGEST_DEGREE, 0, -1):
        run = tokens[at : at + length]
        if len(run) < length or run[-1].line != line or run[-1].end - run[0].start > 12 * length:
            continue
        words = " ".join(_plain(token.text) for token in run)
        name = _degrees().get(words)
        if name and not (words in _AMBIGUOUS and not run[0].text.replace(".", "").isupper()):
            return Degree(name, at, at + length - 1)
    return None


def supports_degree(has: frozenset[str], name: str) -> bool:
    """Whether a resume with these degrees may name this one: the same, or "a bachelor's" for any bachelor's."""
    level, _, field = name.partition(".")
    return name in has or (field == "*" and any(other.startswith(f"{level}.") for other in has))


def find_titles(tokens: list[Token], text: str) -> list[TitlePhrase]:
    """Phrases that end in the noun of a title, with up to three words before it; and a rank with what follows it."""
    nouns = words_of("titles")
    found = []
    for at, token in enumerate(tokens):
        form = title_form(token.text)
        if form not in nouns or token.text.lower().endswith("s") or not _reads_as_title(tokens, at, form, text):
            continue
        first = at
        while first > 0 and at - first < _MOST_MODIFIERS and _belongs(tokens[first - 1], tokens[first], text):
            first -= 1
        last = at
        if form in _LEADING:
            while last - at < _MOST_MODIFIERS and (step := _step(tokens, last, text)):
                last += step
        words = tuple(title_form(each.text) for each in tokens[first : last + 1] if _tells(each))
        if (
            first > 0
            and tokens[first - 1].text[0].isupper()
            and text[tokens[first - 1].end : tokens[first].start] == " "
        ):
            first -= tokens[first - 1].line == tokens[first].line  # "Solutions" of "Solutions Architect" tells little
        found.append(TitlePhrase(words, first, last))
    return found


def _reads_as_title(tokens: list[Token], at: int, form: str, text: str) -> bool:
    """`Lead`, `Head` and `Chief` are titles with a capital only, and as the first word of a line only in a field of
    its own ("Lead Support | Acme") or before "of".
    """
    if form not in ("lead", "head", "chief"):
        return True
    if at and tokens[at - 1].text.lower() in ("team", "tech", "technical", "project", "squad"):
        return True
    opens_line = at == 0 or tokens[at - 1].line != tokens[at].line
    if not tokens[at].text[0].isupper() or not opens_line:
        return tokens[at].text[0].isupper()
    after = tokens[at + 1 : at + 2 + _MOST_MODIFIERS]
    field = text[tokens[at].end : after[-1].end + 3 if after else None].partition("\n")[0].partition("|")
    return bool(after) and (after[0].text.lower() == "of" or (bool(field[1]) and field[0].istitle()))


def _belongs(before: Token, token: Token, text: str) -> bool:
    if before.line != token.line or before.is_number or text[before.end : token.start] not in _BETWEEN_TITLE_WORDS:
        return False
    return _tells(before) and (before.text[0].isupper() or not token.text[0].isupper())


def _step(tokens: list[Token], last: int, text: str) -> int:
    """How many tokens further on a rank's next word stands ("Head of IT", "Director, Sales"); 0 when there is none."""
    step = 2 if last + 1 < len(tokens) and tokens[last + 1].text == "of" else 1
    after = tokens[last + step] if last + step < len(tokens) else None
    if after is None or after.line != tokens[last].line or not after.text[0].isupper() or not _tells(after):
        return 0
    return step if text[tokens[last].end : after.start] in (" ", ", ", " of ") else 0


def _tells(token: Token) -> bool:
    lower = token.text.lower()
    return (
        lower in _TELLING
        or (token.text.isupper() and len(lower) == 2)  # IT, HR
        or title_form(token.text) in words_of("titles")
        or title_form(token.text) in words_of("ranks")
        or not is_generic(token.stem)
    )
