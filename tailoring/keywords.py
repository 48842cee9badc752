"""Which configured keyword a text holds, as whole words, for columns of texts."""

import re
from collections.abc import Sequence

import polars as pl


def any_keyword(texts: Sequence[pl.Expr], keywords: Sequence[str]) -> pl.Expr:
    """Whether any of `texts` holds any of `keywords`: one look at each text, however many they are."""
    pattern = "|".join(f"(?:{keyword_pattern(keyword)})" for keyword in keywords)
    return pl.any_horizontal([text.str.contains(pattern).fill_null(False) for text in texts])


def first_keyword(texts: Sequence[pl.Expr], keywords: Sequence[str]) -> pl.Expr:
    """The first of `keywords` that any of `texts` holds, null when none does."""
    matches = [
        pl.when(
            pl.any_horizontal([text.str.contains(keyword_pattern(keyword)).fill_null(False) for text in texts])
        ).then(pl.lit(keyword))
        for keyword in keywords
    ]
    return pl.coalesce(matches) if matches else pl.lit(None, pl.String)


def keyword_pattern(keyword: str) -> str:
    """A pattern of Rust's `regex` for `keyword` as whole words, whatever their case and the space between them.

    "java" is not in "JavaScript", "c" neither in "C++" nor in "Objective-C", ".net" not in "ASP.NET"; "c++" is in
    "C++17" and "node js" in "Node-JS". Raises ValueError for a blank keyword.
    """
    words = keyword.split()
    if not words:
        raise ValueError("A keyword is blank; give a word, or no keywords to keep every posting.")
    text = r"[\s-]+".join(map(_escaped, words))
    if len(keyword.strip()) == 1:  # a letter is a word of its own only away from what makes it another: C#, R&D
        return rf"(?i)(?:^|[^\w+#&'’.-]){text}(?:$|[^\w+#&'’-])"
    after = r"\w" if re.match(r"\w", words[-1][-1]) else r"\p{L}_+#"
    return rf"(?i)(?:^|[^\w]){text}(?:$|[^{after}])"


def _escaped(word: str) -> str:
    return "".join(character if character.isalnum() else f"\\x{{{ord(character):x}}}" for character in word)
