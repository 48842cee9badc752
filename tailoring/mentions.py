"""Titles and skills that many texts name, found in all of them at once.

Reads the words that `tailoring.terms.cut` gives. Made for ranking thousands of texts: it knows no context beyond a few
neighbouring words. For one text, `tailoring.parsing` and `tailoring.skills` read better.
"""

import re
from functools import cache, lru_cache

import polars as pl

from tailoring.skills import SOFT_SKILLS
from tailoring.terms import ends_phrase, words_of
from tailoring.titles import title_nouns
from tailoring.vocabulary import load_data

_LETTER = re.compile(r"[^\W_]")
_MOST_TITLES = 8  # of a text

# Words before which a title begins: "worked as a Java developer", "reporting to the Project Manager".
_BEFORE_TITLES = frozenset(
    (
        *(
            "a",
            "am",
            "an",
            "as",
            "at",
            "by",
            "for",
            "from",
            "i",
            "in",
            "is",
            "of",
            "on",
            "the",
            "to",
            "was",
            "were",
            "with",
        ),
        *("her", "his", "my", "our", "their", "company", "designation", "job", "position", "role", "title"),
        *("experience", "experienced", "work", "worked", "working", "year", "years"),
    )
)


def title_mentions(words: pl.DataFrame) -> pl.DataFrame:
    """Columns row, title (lower case, up to four words) and count: the most frequent titles of each row, in order."""
    nouns = pl.Series(sorted(title_nouns()))
    before = [pl.col("word").shift(places).alias(f"before_{places}") for places in (3, 2, 1)]
    found = (
        words.with_columns(before)
        .filter(pl.col("word").is_in(nouns.implode()))
        .group_by("row", "before_3", "before_2", "before_1", "word")
        .len("count")
    )
    titles = [_title(*row) for row in found.select("before_3", "before_2", "before_1", "word").iter_rows()]
    return (
        found.select("row", pl.Series("title", titles, pl.String), "count")
        .group_by("row", "title")
        .agg(pl.col("count").sum())
        .sort(["row", "count", "title"], descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("row") < _MOST_TITLES)
    )


@lru_cache(maxsize=16_384)
def _title(*words: str | None) -> str:
    start = len(words) - 1
    while start > 0:
        word = words[start - 1]
        if word is None or ends_phrase(word) or word in _BEFORE_TITLES or word == words[-1]:
            break
        start -= 1
    return " ".join(word for word in words[start:] if word is not None)


def skill_mentions(words: pl.DataFrame) -> pl.DataFrame:
    """Columns row and skill, unique and in order: skills that the texts name in spellings clear without context."""
    spellings, beginnings = _skill_spellings()
    word, runs = words["word"], words.with_row_index("at")
    found = [words.join(spellings, on="word").select("row", "skill")]
    for places, known in enumerate(beginnings, 1):
        runs = runs.filter(pl.col("word").is_in(known.implode()), pl.col("at") < len(word) - places)
        runs = runs.with_columns(pl.concat_str("word", word.gather(runs["at"] + places), separator=" "))
        found.append(runs.join(spellings, on="word").select("row", "skill"))
    return pl.concat(found).unique().sort("row", "skill")


def _kept_whole(spelling: str) -> bool:
    """Whether `cut` keeps all letters and digits of a spelling; it drops numbers ("AS/400")."""
    kept = "".join(words_of(spelling))
    return bool(kept) and len(_LETTER.findall(kept)) == len(_LETTER.findall(spelling))


@cache
def _skill_spellings() -> tuple[pl.DataFrame, list[pl.Series]]:
    """Columns word (words as `cut` gives them, joined by blanks) and skill; then what longer spellings begin with,
    their first word, their first two, and so on.

    Ordinary words that name a skill in some contexts only ("go", "excel") are left out, and so are soft skills.
    """
    lexicon = load_data("skills.yaml")
    careful = {word.casefold() for word in lexicon["careful"]}
    spellings = {
        words_of(spelling): line.split(" | ")[0]
        for category, lines in lexicon["categories"].items()
        if category != SOFT_SKILLS
        for line in lines
        for spelling in line.split(" | ")
        if spelling.casefold() not in careful and _kept_whole(spelling)
    }
    beginnings = [
        pl.Series(sorted({" ".join(words[:length]) for words in spellings if len(words) > length}))
        for length in range(1, max(map(len, spellings)))
    ]
    return pl.DataFrame({"word": map(" ".join, spellings), "skill": spellings.values()}), beginnings
