"""Numbers as resumes write them, with their unit: `5k`, `5,000`, `five`, `40 percent`, `Rs. 2 lakh`, `24 months`.

Reads tokens only; whether a number is supported is decided by the truth check. Dates are read by `tailoring.dates`.
"""

import re
from dataclasses import dataclass

from tailoring.tokens import Token

_UNITS_BY_WORD = (
    ("percent", "percent percentage pct"),
    ("times", "x times fold"),
    ("years", "year years yr yrs decade decades"),
    ("months", "month months mth mths mnth mnths"),
    ("weeks", "week weeks"),
    ("days", "day days"),
    ("hours", "hour hours hr hrs h"),
    ("minutes", "minute minutes min mins"),
    ("seconds", "seconds sec secs ms millisecond milliseconds"),
    ("km", "km kms kilometre kilometres kilometer kilometers"),
    ("KB", "kb"),
    ("MB", "mb"),
    ("GB", "gb"),
    ("TB", "tb"),
    ("PB", "pb"),
    ("$", "usd dollar dollars"),
    ("€", "eur euro euros"),
    ("£", "gbp pounds"),
    ("₹", "inr rupee rupees rs"),
)
_UNITS = {word: unit for unit, words in _UNITS_BY_WORD for word in words.split()}
_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
    "hundred": 1e2, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "crore": 1e7, "crores": 1e7, "cr": 1e7,
}  # fmt: skip
_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * tens
    for tens, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_WORDS |= {"dozen": 12, "fourty": 40}
_VAGUE = frozenset(("zero", "one"))  # "one of the", no count
_GROUPED = re.compile(r"\d{1,3}(?:[, \u00a0]\d{2,3})+(?:\.\d+)?")
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # "6 monthsCompany"
_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: its value, its unit ("" for a bare count), and the tokens (first, last) that say it.

    Years and months both have the unit `months`, with `years` telling how it was written.
    """

    value: float
    unit: str
    first: int
    last: int
    years: bool = False

    def same_as(self, source: "Quantity") -> bool:
        """Whether the source may be told so: same value and unit, or months told in (rounded) years."""
        if self.unit != source.unit:
            bare_money = self.unit == "" and source.unit in "$€£₹"
            return bare_money and source.unit != "" and self.value == source.value
        if self.unit == "months" and self.years and not source.years:
            years = source.value / _MONTHS_IN_A_YEAR
            return self.value / _MONTHS_IN_A_YEAR in (years, int(years), round(years), round(years, 1))
        return abs(self.value - source.value) < 1e-9


def find_quantities(tokens: list[Token], text: str) -> list[Quantity]:
    """Every number among the tokens, but for the numbering in front of a line."""
    found = []
    at = 0
    while at < len(tokens):
        written = tokens[at].text
        quantity = _quantity(tokens, text, at) if tokens[at].is_number or written.lower() in _WORDS else None
        if quantity:
            found.append(quantity)
            at = quantity.last
        at += 1
    return [_ranged(one, after, tokens) for one, after in zip(found, [*found[1:], None], strict=False)]


def _ranged(one: Quantity, after: Quantity | None, tokens: list[Token]) -> Quantity:
    """The first number of a range takes the unit of the second: `18 to 26 percent`."""
    if after is None or one.unit or not after.unit or after.first - one.last > 2:
        return one
    between = [token.text.lower() for token in tokens[one.last + 1 : after.first]]
    if between not in ([], ["to"], ["and"], ["or"]) or tokens[after.first].line != tokens[one.first].line:
        return one
    if not between and tokens[after.first].start - tokens[one.last].end > 3:
        return one
    factor = _MONTHS_IN_A_YEAR if after.years else 1
    return Quantity(one.value * factor, after.unit, one.first, one.last, after.years)


def _quantity(tokens: list[Token], text: str, at: int) -> Quantity | None:
    token = tokens[at]
    if token.is_number:
        value = _value(token.text)
    else:
        word = token.text.lower()
        if word in _VAGUE or _opens_name(tokens, at):
            return None
        value = _WORDS[word]
    last = at
    if not token.is_number and value >= 20 and at + 1 < len(tokens):
        ones = _WORDS.get(tokens[at + 1].text.lower(), 10)
        if 0 < ones < 10 and tokens[at + 1].start - token.end == 1:
            value, last = value + ones, at + 1
    if token.is_number and text[token.end : token.end + 2] in (". ", ") ", ".", ")") and _opens_line(tokens, text, at):
        return None
    following = _next(tokens, text, last)
    if following in _SCALES and (len(following) > 2 or tokens[last + 1].start == tokens[last].end):
        value, last = value * _SCALES[following], last + 1
        following = _next(tokens, text, last)
    unit, last = _unit(tokens, text, at, last, following)
    if unit == "years":
        decades = tokens[last].text.lower().startswith("decade")
        return Quantity(value * _MONTHS_IN_A_YEAR * (10 if decades else 1), "months", at, last, years=True)
    return Quantity(value, unit, at, last)


def _opens_name(tokens: list[Token], at: int) -> bool:
    """Whether a number is part of a name: Six Sigma."""
    after = tokens[at + 1 : at + 2]
    return (
        tokens[at].text[0].isupper() and bool(after) and after[0].line == tokens[at].line and after[0].text[0].isupper()
    )


def _value(written: str) -> float:
    if _GROUPED.fullmatch(written):
        return float(re.sub(r"[, \u00a0]", "", written))
    try:
        return float(written.replace(",", "."))
    except ValueError:  # 4.0.1, a version
        return float(written.replace(".", "").replace(",", ""))


def _opens_line(tokens: list[Token], text: str, at: int) -> bool:
    return (at == 0 or tokens[at - 1].line != tokens[at].line) and len(tokens[at].text) <= 2


def _next(tokens: list[Token], text: str, at: int) -> str:
    """The next word in lower case when nothing but a space, + or - parts it from this token; else ""."""
    if at + 1 >= len(tokens) or tokens[at + 1].line != tokens[at].line:
        return ""
    between = text[tokens[at].end : tokens[at + 1].start]
    if between.strip(" +-'’(") or len(between) > 3:
        return ""
    return _GLUED.split(tokens[at + 1].text, maxsplit=1)[0].lower()


def _unit(tokens: list[Token], text: str, first: int, last: int, following: str) -> tuple[str, int]:
    if text[tokens[last].end : tokens[last].end + 3].lstrip(" +").startswith("%"):
        return "percent", last
    before = text[max(0, tokens[first].start - 2) : tokens[first].start].strip()[-1:]
    if before in ("$", "€", "£", "₹"):
        return before, last
    if first and tokens[first].start - tokens[first - 1].end <= 2:
        currency = _UNITS.get(tokens[first - 1].text.lower(), "")
        if currency in ("$", "€", "£", "₹"):
            return currency, last
    if following in _UNITS:
        return _UNITS[following], last + 1
    return "", last
