"""Makes free text readable: encodings, markup, odd characters, spacing, and sentences that lost the gap between them.

`normalise` says what each step means, one text at a time; `normalise_column` does the same to a column at the speed of
polars and counts what it changed. The order of the words stays, and doing it twice changes nothing.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import ftfy
import numpy as np
import numpy.typing as npt
import polars as pl

from tailoring.encodings import restore_lost_bytes
from tailoring.markup import MARKUP, strip_markup
from tailoring.text_rules import ADDRESS, BULLETS, CHARACTERS, GLUED, HIDDEN, HIDE_DOTS, SHOW_MARKS, SPACES, Rule

_LETTERS = {ord(ligature): unicodedata.normalize("NFKC", ligature) for ligature in "ﬀﬁﬂﬃﬄﬅﬆ"}
_HIDING = str.maketrans(HIDDEN)
_SLICE = 1024  # texts at a time: enough for polars, and few enough for memory


class _Call(NamedTuple):
    """What no linear pattern can say: `function`, for the texts that hold `pattern`."""

    name: str
    pattern: str
    function: Callable[[str], str]


def _hide_addresses(text: str) -> str:
    out: list[str] = []
    done = 0
    for found in _compiled(ADDRESS).finditer(text):
        if found.start() < done:
            continue
        start = max(text.rfind(" ", done, found.start()), text.rfind("\n", done, found.start()), done - 1) + 1
        end = min(place for place in (text.find(" ", start), text.find("\n", start), len(text)) if place >= 0)
        out += (text[done:start], text[start:end].translate(_HIDING))
        done = end
    return "".join(out) + text[done:]


_ENCODING = _Call(
    "encoding",
    "[âÂÃïðÅÄËÎÐÑ][\x80-\xbf?\ufffd€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[\x80-\x84\x86-\x9f\ufffd]",
    lambda text: ftfy.fix_encoding(restore_lost_bytes(text)),
)
_ACCENTS = _Call("accents", "[\u0300-\u036f]", lambda text: unicodedata.normalize("NFC", text))
_LIGATURES = _Call("ligatures", "[ﬀ-ﬆ]", lambda text: text.translate(_LETTERS))
_MARKUP = _Call("markup", MARKUP, strip_markup)
_ADDRESSES = _Call("", ADDRESS, _hide_addresses)

# Every one of these needs a character that few texts have; `_UNUSUAL` finds them all at once.
_UNUSUAL = "[^\n -~‘’“”–—•…é]"
_Steps = tuple[_Call | Rule, ...]
_FOR_UNUSUAL: _Steps = (_ENCODING, *CHARACTERS, _ACCENTS, _LIGATURES)
_FOR_ALL: _Steps = (_MARKUP, *SPACES, *BULLETS)
_FOR_PROSE: _Steps = (_ADDRESSES, *HIDE_DOTS, *GLUED, *SHOW_MARKS)
_NAMES = dict.fromkeys(step.name for step in _FOR_UNUSUAL + _FOR_ALL + _FOR_PROSE if step.name)
_REPAIR_BITS = {name: 1 << bit for bit, name in enumerate(_NAMES)}


def normalise(text: str, *, prose: bool = True) -> str:
    """The text as a person would have typed it, in the same order. Doing it again changes nothing.

    Repairs wrong encodings and lost bytes, takes out HTML, invisible and symbol-font characters, gives every line
    break, space and bullet one form, trims lines and blank lines, separates what grew together where that is certain.
    The last is for prose: a name ("RespectAbility") is left in one piece when `prose` is false.
    """
    steps = _FOR_UNUSUAL + _FOR_ALL + (_FOR_PROSE if prose else ())
    while True:
        before = text
        for step in steps:
            text = _taken(step, text)
        if text == before:
            return text


def normalise_column(texts: pl.Series, *, prose: bool = True) -> tuple[pl.Series, dict[str, int]]:
    """`normalise` for each text, and for each kind of repair the number of texts that needed it. A null stays null."""
    done, repairs = normalise_rows(texts, prose=prose)
    return done, count_repairs(repairs)


def normalise_rows(texts: pl.Series, *, prose: bool = True) -> tuple[pl.Series, pl.Series]:
    """`normalise` for each text, and which repairs it needed, as bits for `count_repairs`."""
    slices = [texts.slice(start, _SLICE) for start in range(0, len(texts), _SLICE)] or [texts]
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        done = list(pool.map(partial(_normalise_slice, steps=_FOR_ALL + (_FOR_PROSE if prose else ())), slices))
    return pl.concat([part for part, _ in done]), pl.concat([repairs for _, repairs in done])


def count_repairs(repairs: pl.Series) -> dict[str, int]:
    """For each kind of repair the number of texts that needed it, from what `normalise_rows` says of each."""
    counts = {name: int((repairs & bit != 0).sum()) for name, bit in _REPAIR_BITS.items()}
    return {name: count for name, count in counts.items() if count}


@cache
def rules_version() -> str:
    """Another one whenever a text may be normalised differently: the hash of all code and data that decide."""
    decide = sorted(Path(__file__).with_name(f"{name}.py") for name in ("text", "text_rules", "markup", "encodings"))
    versions = f"ftfy {version('ftfy')}, Unicode {unicodedata.unidata_version}"
    return hashlib.sha256(b"".join(file.read_bytes() for file in decide) + versions.encode()).hexdigest()[:16]


def _normalise_slice(texts: pl.Series, steps: _Steps) -> tuple[pl.Series, pl.Series]:
    done, repairs = _once(texts, steps)
    unsettled = (texts != done).arg_true()
    while len(unsettled):
        before = done.gather(unsettled)
        after, _ = _once(before, steps)
        done.scatter(unsettled, after)
        unsettled = unsettled.filter(before != after)
    return done, pl.Series(repairs)


def _once(texts: pl.Series, steps_for_all: _Steps) -> tuple[pl.Series, npt.NDArray[np.uint32]]:
    """Each step for every text that needs it, and the bits of the repairs that changed each text."""
    texts = texts.clone()  # `scatter` writes in place
    repairs = np.zeros(len(texts), np.uint32)
    everywhere = texts.is_not_null().arg_true()
    for steps, among in ((_FOR_UNUSUAL, _holding(texts, _UNUSUAL, everywhere)), (steps_for_all, everywhere)):
        for step in steps:
            rows = _holding(texts, step.pattern, among)
            while len(rows):
                before = texts.gather(rows)
                after = _column_taken(step, before)
                texts.scatter(rows, after)
                rows = rows.filter(before != after)
                if step.name:
                    repairs[rows.to_numpy()] |= _REPAIR_BITS[step.name]
                rows = _holding(texts, step.pattern, rows) if isinstance(step, Rule) else rows.clear()
    return texts, repairs


def _holding(texts: pl.Series, pattern: str, among: pl.Series) -> pl.Series:
    """Those of the rows `among` whose text holds `pattern`."""
    return among.filter(texts.gather(among).str.contains(pattern))


def _column_taken(step: _Call | Rule, texts: pl.Series) -> pl.Series:
    if isinstance(step, Rule):
        return texts.str.replace_all(step.pattern, step.replacement)
    return pl.Series([step.function(text) for text in texts], dtype=pl.String)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _template(replacement: str) -> str:
    return re.sub(r"\$\{(\d)\}", r"\\g<\1>", replacement)


def _taken(step: _Call | Rule, text: str) -> str:
    pattern = _compiled(step.pattern)
    if isinstance(step, _Call):
        return step.function(text) if pattern.search(text) else text
    while pattern.search(text):
        text = pattern.sub(_template(step.replacement), text)
    return text
