"""The ATS checks: each looks at one thing in a laid-out resume and gives the share of its points that it earned.

What a check is worth and what to advise is data (`data/ats_checks.yaml`); adding up is done by `tailoring.ats_score`.
Two shapes recur. What should be there earns points as it is found. Flaws cost by `_decay`: the points halve at a given
number of flaws and never quite reach zero, so that one flaw more always costs something, in a bad resume too.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tailoring.ats_reading import Line, Reading, natural_count
from tailoring.contact import parse_contact
from tailoring.dates import DateRange, YearMonth
from tailoring.lines import Line as SourceLine
from tailoring.sections import Section
from tailoring.skills import find_skills
from tailoring.spelling import correction, glued_parts, is_known
from tailoring.wording import counts_something, function_words, opening, pronouns

_SHOWN = 6  # examples named in a finding


@dataclass(frozen=True, slots=True)
class Finding:
    """`share` of the points earned, 0 to 1, and what was `found`, for people."""

    share: float
    found: str


def _decay(flaws: float, half: float) -> float:
    """The share left by so many flaws: all without any, half at `half`, a little always."""
    return half / (half + max(0.0, flaws))


def _some(items: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(items))
    more = len(distinct) - _SHOWN
    return ", ".join(distinct[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _flaws(items: Sequence[str], half: float, what: str) -> Finding:
    found = f"{len(items)} {what}: {_some(items)}" if items else f"no {what}"
    return Finding(_decay(len(items), half), found)


# --- what an ATS files -----------------------------------------------------------------------------------------------


def extractable_text(reading: Reading) -> Finding:
    words = reading.words
    single = sum(len(word) == 1 and word not in "aiorc" for word in words)
    wanted = 50 * (reading.document.pages or 1)
    share = min(1.0, len(words) / wanted) * _decay(max(0.0, single / max(1, len(words)) - 0.05), 0.1)
    return Finding(share, f"{len(words)} words, {single} single letters")


def sections(reading: Reading) -> Finding:
    found = reading.sections
    shares = {
        "experience": (
            0.33,
            _filled(found, Section.EXPERIENCE, 2, lambda line: line.is_statement or line.is_role_head),
        ),
        "education": (0.27, _filled(found, Section.EDUCATION, 1)),
        "skills": (0.30, _filled(found, Section.SKILLS, 1)),
        "summary": (
            0.10,
            max(_filled(found, Section.SUMMARY, 1), 0.5 * any(len(line.words) >= 12 for line in reading.top)),
        ),
    }
    missing = [name for name, (_, share) in shares.items() if share < 0.5]
    share = sum(weight * part for weight, part in shares.values())
    return Finding(share, f"missing or empty: {', '.join(missing)}" if missing else "all standard sections")


def _filled(
    found: dict[Section, list[Line]],
    section: Section,
    lines: int,
    counts: Callable[[Line], bool] = lambda line: bool(line.words),
) -> float:
    """The share for a section of at least so many lines that count; a heading alone earns little."""
    if section not in found:
        return 0.0
    return 0.2 + 0.8 * min(1.0, sum(map(counts, found[section])) / lines)


_TOP_LINES = 8


def contact(reading: Reading) -> Finding:
    above = _as_source(reading.top[:_TOP_LINES])
    found = parse_contact(above, _as_source(reading.sections.get(Section.CONTACT, ())))[0].contact
    present = {
        "e-mail": (0.36, bool(found.email)),
        "phone": (0.28, bool(found.phone)),
        "place": (0.18, bool(found.location and (found.email or found.phone))),
        "link": (0.18, bool(found.links)),
    }
    missing = [name for name, (_, there) in present.items() if not there]
    share = sum(weight for weight, there in present.values() if there)
    return Finding(share, f"missing: {', '.join(missing)}" if missing else "e-mail, phone, place and link")


def _as_source(lines: Iterable[Line]) -> list[SourceLine]:
    return [SourceLine(number, "", line.raw) for number, line in enumerate(lines, 1)]


# --- dates -----------------------------------------------------------------------------------------------------------


def dates_present(reading: Reading) -> Finding:
    jobs = [bool(job) for job in _jobs(reading)]
    studies = any(line.dates for line in reading.sections.get(Section.EDUCATION, ()))
    share = 0.75 * (sum(jobs) / len(jobs) if jobs else 0.0) + 0.25 * studies
    return Finding(share, f"{sum(jobs)} of {len(jobs)} jobs dated, education {'' if studies else 'not '}dated")


def _jobs(reading: Reading) -> list[list[DateRange]]:
    """The dates of each job: of the lines between the statements of the job before it and its own first statements."""
    jobs: list[list[DateRange]] = []
    open_head = False
    for line in reading.sections.get(Section.EXPERIENCE, ()):
        if line.is_statement:
            open_head = False
            continue
        if line.marker and not line.dates:
            continue
        if not open_head or (line.is_role_head and jobs[-1]):
            jobs.append([])
            open_head = True
        jobs[-1] += line.dates
    return jobs


_POINT = re.compile(
    r"(?P<Month_YYYY>[^\W\d_]{4,9}\W{1,3}\d{4})|(?P<Mon_YYYY>[^\W\d_]{3}\W{1,3}\d{4})"
    r"|(?P<Mon_YY>[^\W\d_]{3,9}\W{1,3}\d{2}(?!\d))|(?P<MM_YYYY>(?<!\d)\d{1,2}[./-]\d{4})"
    r"|(?P<YYYY_MM>\d{4}-\d{2}(?!\d))|(?P<YYYY>(?<![\d./-])\d{4})"
)
# Names that the short and the long form share, or that are often written in full among short ones.
_EITHER_MONTH = re.compile(r"(?:may|march|april|june|july|sept)\b", re.IGNORECASE)


def date_format(reading: Reading) -> Finding:
    ranges = [date for job in _jobs(reading) for date in job] or [date for line in reading.lines for date in line.dates]
    if not ranges:
        return Finding(0.0, "no dates")
    points = [point for date in ranges for point in _POINT.finditer(date.text)]
    formats = Counter(_format(point) for point in points)
    either = formats.pop("either", 0)
    formats["Mon YYYY" if formats["Mon YYYY"] > formats["Month YYYY"] else "Month YYYY"] += either
    usual = max(formats.values()) / max(1, formats.total())
    found = _some(f"{name} ({count})" for name, count in formats.most_common() if count)
    return Finding(usual**2 if formats.total() else 0.5, f"formats: {found or 'unusual'}")


def _format(point: re.Match[str]) -> str:
    name = (point.lastgroup or "").replace("_", " ")
    return "either" if name in ("Mon YYYY", "Month YYYY") and _EITHER_MONTH.match(point[0]) else name


def date_order(reading: Reading) -> Finding:
    jobs = [_newest(job) for job in _jobs(reading) if job]
    studies = [_newest(line.dates) for line in reading.sections.get(Section.EDUCATION, ()) if line.dates]
    if not jobs and not studies:
        return Finding(0.0, "no dates")
    ordered = [newer >= older for run in (jobs, studies) for newer, older in pairwise(run)]
    reversed_ranges = sum(
        date.start is not None and date.end is not None and _month(date.end) < _month(date.start)
        for line in reading.lines
        for date in line.dates
    )
    share = (sum(ordered) + 1) / (len(ordered) + 1) * _decay(reversed_ranges, 1)
    return Finding(share, f"{len(ordered) - sum(ordered)} out of order, {reversed_ranges} ending before they start")


def _month(point: YearMonth) -> int:
    return point.year * 12 + (point.month or 6)


def _newest(dates: Iterable[DateRange]) -> tuple[int, int]:
    """Sorts by the end, then the start, of a job's last date; still going on comes first of all."""
    keys = [
        (99_999 if date.present or date.end is None else _month(date.end), _month(date.start) if date.start else 0)
        for date in dates
    ]
    return max(keys)


# --- what recruiters read --------------------------------------------------------------------------------------------


def quantified_impact(reading: Reading) -> Finding:
    statements = reading.statements
    counting = sum(counts_something(line.text, line.words) for line in statements)
    bare = 1 - counting / max(1, len(statements))
    share = (1 - bare**2) * min(1.0, counting / 4)  # the first half of the bullets earns three quarters
    return Finding(share, f"{counting} of {len(statements)} statements count something")


_GRADES = {"action": 1.0, "gerund": 0.6, "other": 0.25, "weak": 0.0}


def action_verbs(reading: Reading) -> Finding:
    openings = [line.opening for line in reading.statements]
    if not openings:
        return Finding(0.0, "no statements of what was done")
    share = sum(_GRADES[kind] for kind, _ in openings) / len(openings) * min(1.0, len(openings) / 4)
    weak = [line.text[:30] for line, (kind, _) in zip(reading.statements, openings, strict=True) if kind == "weak"]
    strong = sum(kind == "action" for kind, _ in openings)
    return Finding(
        share, f"{strong} of {len(openings)} open with an action verb" + (f"; weak: {_some(weak)}" if weak else "")
    )


def bullets(reading: Reading) -> Finding:
    statements = reading.statements
    marked = sum(bool(line.marker) for line in statements)
    good = sum(_good_length(len(line.words)) for line in statements)
    long = [line for line in reading.body if len(line.words) > _PARAGRAPH]
    shape = (marked + good) / (2 * max(1, len(statements))) * min(1.0, len(statements) / 4)
    share = shape * _decay(sum(len(line.words) / _PARAGRAPH for line in long), 1.5)
    return Finding(
        share, f"{marked} bullets, {len(statements) - marked} other statements, {len(long)} paragraphs too long"
    )


_PARAGRAPH = 70  # words


def _good_length(words: int) -> float:
    if words <= 32:
        return 1.0
    return max(0.0, 1 - (words - 32) / 20)


def repetition(reading: Reading) -> Finding:
    lines = Counter(line.words for line in reading.body if len(line.words) >= 4)
    repeated_lines = sum(count - 1 for count in lines.values())
    sentences = [sentence for line in reading.statements for sentence in line.text.split(". ")]
    verbs = Counter(word for kind, word in map(opening, sentences) if kind != "other")
    usual = max(2, len(sentences) // 6)
    worn_verbs = {verb: count - usual for verb, count in verbs.items() if count > usual}
    often = natural_count(len(reading.words))
    worn_words = {
        word: count - often
        for word, count in Counter(reading.words).items()
        if count > often and len(word) > 2 and word not in function_words()
    }
    flaws = repeated_lines + 0.75 * sum(worn_verbs.values()) + 0.4 * sum(worn_words.values())
    found = f"{repeated_lines} repeated lines; worn words: {_some([*worn_verbs, *worn_words]) or 'none'}"
    return Finding(_decay(flaws, 4 + len(sentences) / 6), found)


def length(reading: Reading) -> Finding:
    words, pages = len(reading.words), reading.document.pages or 0
    excess = max(0, words - 900, 450 * (pages - 2))
    share = min(1.0, reading.substance / 300) * _decay(excess, 500)
    return Finding(
        share,
        f"{words} words, {reading.substance} of them saying something new" + (f", {pages} pages" if pages else ""),
    )


# --- language --------------------------------------------------------------------------------------------------------


def spelling(reading: Reading) -> Finding:
    corrections = ((word, correction(word)) for word in dict.fromkeys(reading.written_words))
    wrong = [f"{word} ({meant}?)" for word, meant in corrections if meant]
    return _flaws(wrong, 3 + len(reading.words) / 250, "misspelt words")


_ENDLESS = re.compile(r"(?<!\S)[^\s@/]{29,}(?!\S)")
_WORD_LENGTH = 6
_NO_SPACE = re.compile(r"(?<![\w.@/])([^\W\d_]{2,30})([.,;:!?)]?)([A-Z][a-z]{1,30})(?![\w.@/])")


def glued_words(reading: Reading) -> Finding:
    glued = [word for word in dict.fromkeys(reading.written_words) if glued_parts(word)]
    endless = [word for word in _ENDLESS.findall(reading.text) if sum(map(str.isalpha, word)) > 0.8 * len(word)]
    glued += [word[:40] for word in endless]
    inner_capitals = " ".join(token for token in reading.text.split() if token[1:].lower() != token[1:])
    for before, mark, after in _NO_SPACE.findall(inner_capitals):
        known = is_known(before.lower()) and is_known(after.lower())
        if known and (mark or before.islower()) and not find_skills(before + mark + after):
            glued.append(before + mark + after)
    flaws = len(glued) + sum(len(word) // _WORD_LENGTH for word in endless)
    found = f"{len(glued)} glued words: {_some(glued)}" if glued else "no glued words"
    return Finding(_decay(flaws, 2 + len(reading.words) / 300), found)


_ODD = re.compile(
    r"�|[\ue000-\uf8ff]|[ﬀ-ﬆ]|[\u200b-\u200f\u2060\ufeff\u00ad]|[\x00-\x08\x0e-\x1f\x7f-\x9f]|[\U0001f000-\U0001faff\u2600-\u26ff]"
    r"|â€.|Ã[\x80-\xbf]|Â[\xa0-\xbf]|[âï]\?.|ï‚."
)


_SYMBOL_BULLETS = " \t\uf0b7\uf0a7\uf0d8\uf0fc"  # of the Symbol and Wingdings fonts


def odd_characters(reading: Reading) -> Finding:
    lines = [line for line in reading.document.text.splitlines() if not (line.isascii() and line.isprintable())]
    odd = [match.group() for line in lines for match in _ODD.finditer(line.lstrip(_SYMBOL_BULLETS))]
    shown = _some(ascii(text).strip("'") for text in odd)
    return Finding(_decay(len(odd) ** 0.5, 2), f"{len(odd)} odd characters: {shown}" if odd else "no odd characters")


def clichés(reading: Reading) -> Finding:
    return _flaws([phrase for line in reading.body for phrase in line.buzzwords], 1.5, "buzzwords")


def personal_pronouns(reading: Reading) -> Finding:
    return _flaws(pronouns(reading.text), 2 + len(reading.words) / 400, "pronouns")


def capitals(reading: Reading) -> Finding:
    shouted = [
        line for line in reading.body if line.section is not None and len(line.words) >= 3 and line.raw.isupper()
    ]
    share = sum(len(line.words) for line in shouted) / max(1, len(reading.words))
    return Finding(1 - share, f"{len(shouted)} lines in capitals")


# --- form and honesty ------------------------------------------------------------------------------------------------

_GAP = re.compile(r"\t| {4}|\|")
_CELLS = re.compile(r"\S(?:\t+| {4,}|\s*\|\s*)(?=\S)")
_BIG = 2_000_000  # bytes


def layout(reading: Reading) -> Finding:
    raw = reading.document.text.splitlines()
    cells = [len(_CELLS.findall(line)) if _GAP.search(line) else 0 for line in raw]
    table_lines = (
        sum(count >= 2 and other == count for count, other in pairwise(cells)) if reading.document.kind == "text" else 0
    )
    obstacles = [*reading.document.obstacles, *(["large file"] if reading.document.size > _BIG else [])]
    found = f"{reading.document.kind}; {_some(obstacles) or 'nothing in the way'}; {table_lines} lines like a table"
    return Finding(_decay(1.5 * len(obstacles) + table_lines / 3, 2), found)


_KEYWORD_LABEL = re.compile(r"^\W*(?:(?:ats|seo|hidden|search|job|meta)\s+)?(?:key\s?words|tags)\b", re.IGNORECASE)
_PASTED = 6  # a phrase that only postings use stands for a sentence that came with it
_WINDOW, _BURST = 40, 6  # so many words apart, one word this often is no sentence
_LIST, _LISTS = 20, 40  # skills on a line, and in all


def keyword_stuffing(reading: Reading) -> Finding:
    loose = sum(line.surplus_keywords for line in reading.body) + _stacked(reading)
    labelled = sum(len(line.words) for line in reading.body if _KEYWORD_LABEL.match(line.raw))
    lists = [[item.lower() for item in line.items] for line in reading.sections.get(Section.SKILLS, ())]
    items = [item for entries in lists for item in entries]
    crowded = sum(max(0, len(entries) - _LIST) for entries in lists) + max(0, len(items) - _LISTS)
    crowded += len(items) - len(set(items))
    bursts = _bursts(reading.words)
    hidden = len(reading.document.hidden.split())
    pasted = [phrase for line in reading.body for phrase in line.posting_phrases]
    flaws = loose + labelled + crowded + 2 * len(bursts) + 2 * hidden + _PASTED * len(pasted)
    found = [
        f"{loose + labelled} words of bare keywords" if loose + labelled else "",
        f"{crowded} skills too many or twice" if crowded else "",
        f"hammered: {_some(bursts)}" if bursts else "",
        f"{hidden} hidden words" if hidden else "",
        f"words of a posting: {_some(pasted)}" if pasted else "",
    ]
    return Finding(_decay(flaws, 12), "; ".join(filter(None, found)) or "no stuffing")


def _stacked(reading: Reading) -> int:
    """Lines of a word or two, one under the other, beyond what a list of languages or interests holds."""
    surplus = run = 0
    for line in reading.body:
        short = len(line.words) <= 2 and not line.dates and line.section is not Section.SKILLS
        run = run + 1 if short else 0
        surplus += run > 6
    return surplus


def _bursts(words: Sequence[str]) -> list[str]:
    """Each occurrence of a word that makes it too many within a window."""
    counts = Counter(words)
    often = {word for word, count in counts.items() if count > _BURST and word not in function_words()}
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        if word in often:
            places.setdefault(word, []).append(at)
    return [
        word
        for word, found in places.items()
        for first, last in zip(found, found[_BURST:], strict=False)
        if last - first < _WINDOW
    ]


def reading_order(reading: Reading) -> Finding:
    orphans = _orphans(reading)
    torn = sum(_torn(before, after) for before, after in pairwise(reading.lines))
    late = not any("@" in line.raw for line in reading.top) and any(
        "@" in line.raw for line in reading.body if line.section is not Section.CONTACT
    )
    strays = _strays(reading)
    flaws = orphans + strays + torn + 2 * late
    found = f"{orphans + strays} lines out of place, {torn} torn sentences" + (
        ", contact data not at the top" if late else ""
    )
    return Finding(_decay(flaws, 3), found)


def _orphans(reading: Reading) -> int:
    """Bullets before the first job of the section, and jobs whose dates are followed at once by those of the next."""
    lines = reading.sections.get(Section.EXPERIENCE, [])
    first = next((at for at, line in enumerate(lines) if not (line.is_statement and line.marker)), len(lines))
    bare = sum(before.is_role_head and after.is_role_head for before, after in pairwise(lines))
    return first + min(bare, 3)


def _strays(reading: Reading) -> int:
    """What was done at work, told among skills and studies."""
    others = (*reading.sections.get(Section.SKILLS, ()), *reading.sections.get(Section.EDUCATION, ()))
    return sum(line.is_statement and line.opening[0] == "action" for line in others)


def _torn(before: Line, after: Line) -> bool:
    """Whether a sentence breaks off before a bullet, or a line goes on from a finished sentence."""
    if before.is_heading or after.is_heading or not before.words or not after.words:
        return False
    starts_small = after.text[:1].islower() and not after.marker and after.raw[:1].islower()
    ended = before.raw.rstrip()[-1:] in ".!?"
    hangs = before.words[-1] in function_words() and before.raw.rstrip()[-1:].isalpha()
    return (starts_small and ended) or (hangs and not starts_small and after.marker != "")


CHECKS: dict[str, Callable[[Reading], Finding]] = {
    "extractable text": extractable_text,
    "reading order": reading_order,
    "sections": sections,
    "contact": contact,
    "dates present": dates_present,
    "date format": date_format,
    "date order": date_order,
    "quantified impact": quantified_impact,
    "action verbs": action_verbs,
    "bullets": bullets,
    "repetition": repetition,
    "length": length,
    "spelling": spelling,
    "glued words": glued_words,
    "odd characters": odd_characters,
    "buzzwords": clichés,
    "pronouns": personal_pronouns,
    "capitals": capitals,
    "layout": layout,
    "keyword stuffing": keyword_stuffing,
}
# Without text these would find no fault: what is not written cannot be well written.
NEEDS_TEXT = frozenset(
    (
        "repetition",
        "spelling",
        "glued words",
        "odd characters",
        "buzzwords",
        "pronouns",
        "capitals",
        "layout",
        "keyword stuffing",
        "reading order",
    )
)
