"""ATS checks of structure: can the file be read, and filed under who, where, when and what?

How well it is worded is `tailoring.ats_content`'s business.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from tailoring.ats_finding import Finding, decay, some
from tailoring.ats_reading import Line, Reading
from tailoring.contact import parse_contact
from tailoring.dates import DateRange, YearMonth
from tailoring.lines import Line as SourceLine
from tailoring.sections import Section
from tailoring.wording import function_words


def extractable_text(reading: Reading) -> Finding:
    words = reading.words
    single = sum(count for word, count in reading.counts.items() if len(word) == 1 and word not in "aiorc")
    wanted = 50 * (reading.document.pages or 1)
    share = min(1.0, len(words) / wanted) * decay(max(0.0, single / max(1, len(words)) - 0.05), 0.1)
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
            max(
                _filled(found, Section.SUMMARY, 1),
                0.5 * any(len(line.words) >= _SUMMARY_WORDS for line in reading.top[reading.head :]),
            ),
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


_SUMMARY_WORDS = 12
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


def reading_order(reading: Reading) -> Finding:
    orphans = _orphans(reading)
    torn = sum(_torn(before, after) for before, after in pairwise(reading.lines[reading.head :]))
    late = not any("@" in line.raw for line in reading.top) and any(
        "@" in line.raw for line in reading.body if line.section is not Section.CONTACT
    )
    strays = _strays(reading)
    flaws = orphans + strays + torn + 2 * late
    found = f"{orphans + strays} lines out of place, {torn} torn sentences" + (
        ", contact data not at the top" if late else ""
    )
    return Finding(decay(flaws, 3), found)


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
    found = some(f"{name} ({count})" for name, count in formats.most_common() if count)
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
    share = (sum(ordered) + 1) / (len(ordered) + 1) * decay(reversed_ranges, 1)
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


def length(reading: Reading) -> Finding:
    words, pages = len(reading.words), reading.document.pages or 0
    excess = max(0, words - 900, 450 * (pages - 2))
    share = min(1.0, reading.substance / 300) * decay(excess, 500)
    return Finding(
        share,
        f"{words} words, {reading.substance} of them saying something new" + (f", {pages} pages" if pages else ""),
    )


_ODD = re.compile(
    r"[�\ue000-\uf8ffﬀ-ﬆ\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f-\x9f\U0001f000-\U0001faff\u2600-\u26ff]"
    r"|â€.|Ã[\x80-\xbf]|Â[\xa0-\xbf]|[âï]\?.|ï‚."
)


_SYMBOL_BULLETS = " \t\uf0b7\uf0a7\uf0d8\uf0fc"  # of the Symbol and Wingdings fonts


def odd_characters(reading: Reading) -> Finding:
    lines = [line for line in reading.document.text.splitlines() if not (line.isascii() and line.isprintable())]
    odd = [match.group() for line in lines for match in _ODD.finditer(line.lstrip(_SYMBOL_BULLETS))]
    shown = some(ascii(text).strip("'") for text in odd)
    return Finding(decay(len(odd) ** 0.5, 2), f"{len(odd)} odd characters: {shown}" if odd else "no odd characters")


_CELLS = re.compile(r"\S(?:\t+| {4,}|\s*\|\s*)(?=\S)")
_BIG = 2_000_000  # bytes


def layout(reading: Reading) -> Finding:
    raw = reading.document.text.splitlines()
    cells = [len(_CELLS.findall(line)) if "|" in line or "\t" in line or "    " in line else 0 for line in raw]
    table_lines = (
        sum(count >= 2 and other == count for count, other in pairwise(cells)) if reading.document.kind == "text" else 0
    )
    obstacles = [*reading.document.obstacles, *(["large file"] if reading.document.size > _BIG else [])]
    found = f"{reading.document.kind}; {some(obstacles) or 'nothing in the way'}; {table_lines} lines like a table"
    return Finding(decay(1.5 * len(obstacles) + table_lines / 3, 2), found)
