"""Texts that are the same but for numbers, spacing or a few words, found among many without comparing each with each.

Candidates share a band of their MinHash signatures (one permutation, Li and others 2012; bands as in Leskovec and
others, Mining of Massive Datasets, 3.4). Each is then compared word by word: texts that name different places, people
or products are apart, however much boilerplate they share. Wrongly together is worse than wrongly apart.
"""

import re
import string
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

_SHINGLE = 3  # words
_BINS, _BAND = 60, 6  # pairs with a similarity of 0.9 share a band 1999 times in 2000, 0.8: 19 in 20, 0.4: 1 in 25
_EMPTY = np.uint32(2**32 - 1)
_MARGIN = 0.15  # by which the share of equal bins is below the similarity once in a thousand times
_COMPARED = 20  # candidates of one text; the others of a large crowd are left apart
_AT_ONCE = 64  # texts: hashing takes 40 bytes for each of theirs
_FEW_SHINGLES = 12  # texts as short as that must be the same but for numbers

_WORD = re.compile(r"[^\W\d_]+[+#]*|\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?:[a-z0-9,&/;:–-] |[A-Z][a-z]*[.,]? )([A-Z][^\W\d_]*[+#]*)")  # a capital in mid-sentence

_BYTES = np.arange(256)
_IS_DIGIT = np.isin(_BYTES, list(b"0123456789"))
_IS_UPPER = np.isin(_BYTES, list(string.ascii_uppercase.encode()))
_IS_LETTER = np.isin(_BYTES, list(string.ascii_letters.encode())) | (_BYTES >= 0x80)
_FOLDED = np.where(_IS_UPPER, _BYTES + 32, np.where(_IS_DIGIT, ord("0"), _BYTES)).astype(np.uint64)
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2 ** 64
_MIX = np.uint64(0xD6E8FEB86659FD93)


def near_duplicates(
    texts: pl.Series, sketches: npt.NDArray[np.uint32], order: Sequence[int], apart: pl.Series, similarity: float
) -> dict[int, int]:
    """The rows that are near-duplicates, each with the row that is kept in its place.

    Args:
        texts: normalised texts. sketches: their `signatures`. order: all rows, those to keep rather first.
        apart: rows that differ in this are never near-duplicates. similarity: the least share of common three-word
        sequences in all of two texts (Jaccard), numbers counting as equal.
    """
    place = np.empty(len(texts), np.int64)
    place[list(order)] = np.arange(len(texts))
    together: dict[int, set[int]] = {}
    for group in _sharing_a_band(sketches, apart):
        for row in group:
            together.setdefault(row, set()).update(group)
    read = lru_cache(maxsize=128)(lambda row: _read(texts[row]))
    replaced: dict[int, int] = {}
    for row in sorted(together, key=place.__getitem__):
        others = np.array([other for other in together[row] if place[other] < place[row] and other not in replaced])
        if len(others):
            alike = (sketches[others] == sketches[row]).mean(axis=1) >= similarity - _MARGIN
            nearest = sorted(others[alike].tolist(), key=place.__getitem__)[:_COMPARED]
            kept = next((other for other in nearest if _near(read(row), read(other), similarity)), None)
            if kept is not None:
                replaced[row] = kept
    return replaced


class _Read(NamedTuple):
    shingles: frozenset[tuple[str, ...]]
    words: frozenset[str]
    names: frozenset[str]


def _read(text: str) -> _Read:
    words = ["0" if word[0].isdigit() else word.lower() for word in _WORD.findall(text)]
    shingles = frozenset(zip(*(words[start:] for start in range(_SHINGLE)), strict=False)) or frozenset([tuple(words)])
    return _Read(shingles, frozenset(words), frozenset(name.lower() for name in _NAME.findall(text)))


def _near(one: _Read, other: _Read, similarity: float) -> bool:
    if one.names - other.words and other.names - one.words:
        return False  # each names what the other does not: a place, a person, a product
    if min(len(one.shingles), len(other.shingles)) <= _FEW_SHINGLES:
        return one.shingles == other.shingles
    return len(one.shingles & other.shingles) >= similarity * len(one.shingles | other.shingles)


def _sharing_a_band(sketches: npt.NDArray[np.uint32], apart: pl.Series) -> list[list[int]]:
    """Rows that are equal in `apart` and in one band of their signatures."""
    bands = sketches.reshape(len(sketches), _BINS // _BAND, _BAND)
    groups: dict[tuple[int, ...], list[int]] = {}
    for band in range(bands.shape[1]):
        values = np.ascontiguousarray(bands[:, band])
        keys = {str(part): words for part, words in enumerate(values.view(np.uint64).T)}
        found = (
            pl.DataFrame({"apart": apart, "row": np.arange(len(values)), **keys})
            .filter(pl.Series((values != _EMPTY).any(axis=1)))
            .group_by("apart", *keys)
            .agg("row")
            .filter(pl.col("row").list.len() > 1)
        )
        groups |= {tuple(rows): rows for rows in found["row"].to_list()}
    return list(groups.values())


def signatures(texts: pl.Series) -> npt.NDArray[np.uint32]:
    """One row for each text: the smallest hash of its shingles in each of `_BINS` bins, `_EMPTY` without any.

    Equal bins are as likely as two texts are similar. Case, signs, spacing and the value of numbers do not count.
    """
    smallest = np.full(len(texts) * _BINS, _EMPTY)
    for start in range(0, len(texts), _AT_ONCE):
        rows, hashes = _shingle_hashes(texts[start : start + _AT_ONCE])
        bins = (rows + start) * _BINS + (hashes % np.uint64(_BINS)).astype(np.int64)
        np.minimum.at(smallest, bins, (hashes >> np.uint64(32)).astype(np.uint32))
    return smallest.reshape(-1, _BINS)


def _shingle_hashes(texts: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """The text and the hash of each shingle: a polynomial of its letters, from the running sum over the chunk."""
    block = np.frombuffer(texts.str.join("\n").item().encode(), np.uint8)
    ends = np.cumsum(texts.str.len_bytes().to_numpy().astype(np.int64) + 1)
    digit = _IS_DIGIT[block]
    before = np.concatenate(([False], digit[:-1]))
    kept = _IS_LETTER[block] | (digit & ~before)
    inside = kept | digit
    begins = kept & ~np.concatenate(([False], inside[:-1]))
    letters = _FOLDED[block[kept]]
    powers, inverses = _powers(1 << max(18, len(letters).bit_length()))
    sums = np.concatenate(([np.uint64(0)], np.cumsum(letters * powers[: len(letters)], dtype=np.uint64)))
    starts = np.append((np.cumsum(kept) - 1)[begins], len(letters))
    row = np.searchsorted(ends, np.flatnonzero(begins), side="right")
    first, last = starts[:-_SHINGLE], starts[_SHINGLE:]
    whole = row[: len(first)] == row[_SHINGLE - 1 :]
    first, last = first[whole], last[whole]
    hashes = (sums[last] - sums[first]) * inverses[first]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    return row[: len(whole)][whole], hashes


@lru_cache(maxsize=2)
def _powers(size: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    inverse = pow(_BASE, -1, 1 << 64)
    up, down = (np.cumprod(np.full(size, base, np.uint64), dtype=np.uint64) for base in (_BASE, inverse))
    return up, down
