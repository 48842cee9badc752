"""What a resume calls its person: titles that stand apart from the text, then those that sentences name.

Made for thousands of texts at once, by patterns; for one text, `tailoring.parsing` reads better.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

import polars as pl

from tailoring.mentions import title_mentions
from tailoring.titles import first_part, names_trade, parse_title, title_nouns
from tailoring.vocabulary import word_list

# What a title tells of the person: one that stands apart 1, and more when it is repeated, but less for each that comes
# before it, since resumes tell the latest first; one in a sentence, which may be anybody's, far less.
_LATER = 0.6
_IN_SENTENCE = 0.2
_BARE = 0.6  # a line that names a trade without a noun ("Data Science"): perhaps a heading
_MOST = 8  # titles of a text

_NOUNS_APART = ("expert", "head", "lead", "master")  # too common in sentences
_NOT_LABELS = {"title"}  # that of a project as often
_SIGN = r"[ \t]*[:–—-]+[ \t]*"  # between a label and its value
_LEVEL = r"(?: (?:trainee|intern|internship|fresher|i{1,3}|iv|level ?[0-9]|[0-9]))?"
_REMARK = r"(?:[ \t]*[-–—|(,/:@][^\n]{0,60}| at [^\n]{0,60})?[ \t]*"
_SHORT_LINE = r"(?m:^)[A-Za-z][A-Za-z0-9 &/.+-]{1,40}"
_BARE_LINE = rf"{_SHORT_LINE}\n\n|\n\n{_SHORT_LINE}(?m:$)"  # with a blank line on one side


def stated_titles(texts: pl.Series, words: pl.DataFrame) -> list[list[tuple[str, float]]]:
    """For each text, its titles (lower case) and what each tells of the person, the most telling first.

    `words` are those of the texts, as `tailoring.terms.cut` gives them.
    """
    apart = texts.str.extract_all(_apart())
    bare = texts.str.extract_all(_BARE_LINE)
    found = [_weights(*lines) for lines in zip(apart.to_list(), bare.to_list(), strict=True)]
    for row, title, count in title_mentions(words).iter_rows():
        found[row].setdefault(title, _IN_SENTENCE * (1 + math.log(count)))
    return [sorted(titles.items(), key=lambda each: -each[1])[:_MOST] for titles in found]


def _weights(apart: Sequence[str], bare: Sequence[str]) -> dict[str, float]:
    """The titles of a text that stand apart."""
    counts = Counter(map(_title, apart))
    weights = {title: (1 + math.log(count)) * _LATER**place for place, (title, count) in enumerate(counts.items())}
    for line in bare:
        title = line.strip().lower()
        if title not in weights and _names_trade(title):
            weights[title] = _BARE
    return weights


_names_trade = lru_cache(maxsize=16_384)(names_trade)


@lru_cache(maxsize=16_384)
def _title(line: str) -> str:
    """The title in a line: what follows it only where that names the trade ("Manager - Accounts")."""
    title = _label_pattern().sub("", line.strip().lower(), count=1)
    first = first_part(title)
    return first if parse_title(first).families else title


@cache
def _labels() -> str:
    named = (word_list("labels", "title") | word_list("labels", "role")) - _NOT_LABELS
    return rf"(?:{'|'.join(sorted(named, key=len, reverse=True))})"


@cache
def _label_pattern() -> re.Pattern[str]:
    return re.compile(rf"\A{_labels()}(?:{_SIGN}|[ \t]+)", re.IGNORECASE)


@cache
def _apart() -> str:
    """On a line of its own (a remark behind it, such as the employer), behind a label, or where the text begins."""
    nouns = "|".join(sorted({*title_nouns(), *_NOUNS_APART}))
    title = rf"(?i-u:(?:[a-z][a-z0-9.&/+#'-]*,? ){{0,5}}?(?:[a-z0-9.+#-]+/)?(?:{nouns})s?)"
    label = rf"(?i-u:\b{_labels()})"
    alone = rf"(?m:^)(?:{label}(?:{_SIGN}|[ \t]+))?{title}(?i-u:{_LEVEL}){_REMARK}(?m:$)"
    end = r"(?-u:\b)"
    return rf"{alone}|{label}{_SIGN}{title}{end}|\A{title}{end}"
