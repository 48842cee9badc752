"""Cases for the truth check: known lies and harmless rewrites planted in real resumes.

Every case starts from a real resume, read from a data folder at run time, rendered as it is, with lines dropped, or
set under other headings; then one lie is planted, or one harmless rewrite (several together in `many at once`).
Half of the resumes, and another set of words, are held out for measuring. Nothing here knows the checker.
Keep out: judging and counting (`truthfulness`), the words that are planted (`truth_phrases`).
"""

import csv
import io
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ftfy
import yaml

try:
    from benchmarks.truth_phrases import DEVELOPMENT, HELD_OUT, Phrases
except ModuleNotFoundError:  # run as a script from its own folder
    from truth_phrases import DEVELOPMENT, HELD_OUT, Phrases  # type: ignore[no-redef]

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
MONTH_YEAR = re.compile(rf"\b({_MONTH})[ ,'.-]*((?:19|20)\d\d)\b", re.I)
DATE_RANGE = re.compile(
    rf"((?:{_MONTH}[ ,'.-]*)?((?:19|20)\d\d))(\s*(?:to|-|–|till)\s*)((?:{_MONTH}[ ,'.-]*)?((?:19|20)\d\d)|till date|present)",
    re.I,
)
COUNT = re.compile(r"(?<![\w./:#-])(\d{1,3}(?:,\d{3})+|[2-9]|[1-9]\d{1,4})(\+?)(?= +([a-zA-Z]{4,})|%| ?percent)")
MONTHS_OF = re.compile(r"\b(\d{1,3}) months\b")
TITLE = re.compile(
    r"\b((?:[A-Z][\w.+#-]*|and|&|of) ){0,3}(Developer|Engineer|Manager|Analyst|Tester|Consultant|Administrator|Designer|"
    r"Executive|Officer|Advocate|Trainer|Architect|Programmer)\b"
)
DEGREE = re.compile(
    r"\b(Bachelor of [A-Z]\w+|Bachelors?|Diploma|B\.?E\.?|B\.?Tech|B\.?Sc\.?|B\.?Com\.?|BCA|BE|BSc|BCom|HSC|SSC)(?=[\s,(])"
)
SCHOOL = re.compile(
    r"\b((?:[A-Z][\w.&']*[ ,]+(?:of )?){1,5}(?:University|College|Institute|School)|University of [A-Z]\w+)\b"
)
WEAK = re.compile(
    r"^(\W*)(Participated in|Involved in|Assisted (?:in|with)?|Worked on|Supported|Helped|Contributed to|Support(?:ing)?"
    r"|Assist(?:ing)? (?:in|with)?|Working on|Coordinated with|Tested|Maintained|Prepared|Used|Provided)\b ?",
    re.I,
)
BULLET = re.compile(r"^\s*(?:[•*●▪➢✓-]|\d{1,2}[.)])\s*")
STRUCTURE = re.compile(r"^(?:company - |description - ?$|\w+ Details ?$)")


@dataclass(frozen=True)
class Case:
    """`planted` are the words (lower case) that a finding should name; empty for harmless rewrites."""

    name: str
    kind: str
    lie: bool
    source: str
    generated: str
    posting: str | None = None
    planted: tuple[str, ...] = ()


@dataclass
class Draft:
    """A resume being rewritten, line by line, and what has been planted in it."""

    lines: list[str]
    rng: random.Random
    phrases: Phrases
    source: str
    posting: str
    planted: list[str] = field(default_factory=list)

    def prose(self) -> list[int]:
        """Line numbers of sentences and bullets, long enough to carry a claim and short enough to be one."""
        return [i for i, line in enumerate(self.lines) if 6 <= len(line.split()) <= 40 and not STRUCTURE.match(line)]

    def pick(self, pattern: re.Pattern[str], longest: int = 400) -> tuple[int, re.Match[str]] | None:
        found = [(i, m) for i, line in enumerate(self.lines) if len(line) <= longest for m in pattern.finditer(line)]
        return self.rng.choice(found) if found else None

    def replace(self, line: int, match: re.Match[str], new: str, group: int = 0) -> None:
        text = self.lines[line]
        self.lines[line] = text[: match.start(group)] + new + text[match.end(group) :]

    def absent(self, choices: tuple[str, ...]) -> str | None:
        """One of the choices of which the source holds no word."""
        text = self.source.lower()
        free = [
            c
            for c in choices
            if not any(w in text for w in re.findall(r"[a-z+#.]{2,}", c.lower()) if len(w) > 3 or c.lower() == w)
        ]
        return self.rng.choice(free) if free else None

    def plant(self, words: str) -> str:
        self.planted.append(words.lower())
        return words

    def append(self, line: int, tail: str) -> None:
        self.lines[line] = (
            self.lines[line].rstrip(" .;,") + tail + ("." if self.lines[line].rstrip().endswith(".") else "")
        )


Rewrite = Callable[[Draft], bool]  # False: this resume has no place for it


# --- lies -------------------------------------------------------------------------------------------------------


def _invented_skill(draft: Draft, skill: str | None) -> bool:
    spots = draft.prose()
    if not skill or not spots:
        return False
    lists = [i for i, line in enumerate(draft.lines) if line.count(",") >= 3 and len(line) < 300]
    if lists and draft.rng.random() < 0.5:
        line = draft.rng.choice(lists)
        draft.lines[line] = draft.lines[line].rstrip(" .,") + ", " + draft.plant(skill)
    else:
        draft.append(draft.rng.choice(spots), draft.rng.choice(draft.phrases.skill_tails).format(draft.plant(skill)))
    return True


def skill_invented(draft: Draft) -> bool:
    return _invented_skill(draft, draft.absent(draft.phrases.skills))


def skill_from_posting(draft: Draft) -> bool:
    known = DEVELOPMENT.skills + HELD_OUT.skills
    offered = tuple(s for s in known if re.search(rf"(?<!\w){re.escape(s)}(?!\w)", draft.posting))
    return _invented_skill(draft, draft.absent(offered))


def skill_in_list(draft: Draft) -> bool:
    skill = draft.absent(draft.phrases.skills)
    if not skill:
        return False
    skill = skill.lower() if draft.rng.random() < 0.3 else skill
    draft.lines.insert(0, draft.rng.choice(draft.phrases.skill_groups).format(draft.plant(skill)))
    return True


def _number_spot(draft: Draft) -> tuple[int, re.Match[str]] | None:
    return draft.pick(COUNT)


def number_changed(draft: Draft) -> bool:
    spot = _number_spot(draft)
    if not spot:
        return False
    value = int(spot[1][1].replace(",", ""))
    new = str(max(value + draft.rng.choice((1, 3, 7)), round(value * draft.rng.choice((1.5, 2, 10)))))
    if re.search(rf"(?<!\d){new}(?!\d)", draft.source):
        return False
    draft.replace(*spot, draft.plant(new), 1)
    return True


def number_invented(draft: Draft) -> bool:
    spots = draft.prose()
    if not spots:
        return False
    tail = draft.rng.choice(draft.phrases.number_tails)
    draft.append(draft.rng.choice(spots), tail)
    found = re.search(r"[\d.,]*\d", tail)
    draft.plant(found[0] if found else tail)
    return True


def number_moved(draft: Draft) -> bool:
    """A number of one job put in the place of another number of another job, or added to a line of another job."""
    found = [(i, m) for i, line in enumerate(draft.lines) for m in COUNT.finditer(line) if len(line) < 400]
    job = 0
    jobs = []
    for line in draft.lines:
        job += line.startswith("company - ")
        jobs.append(job)
    pairs = [
        (a, b)
        for a in found
        for b in found
        if jobs[a[0]] != jobs[b[0]]
        and a[1][1] != b[1][1]
        and jobs[a[0]]
        and jobs[b[0]]
        and a[1][3] != b[1][3]
        and not re.search(rf"(?<!\d){re.escape(a[1][1])}(?!\d)", draft.lines[b[0]])
    ]
    if not pairs:
        return False
    (_, source), target = draft.rng.choice(pairs)
    draft.replace(*target, draft.plant(source[1]), 1)
    return True


def unit_changed(draft: Draft) -> bool:
    swaps = (
        (r"\d+ (months)\b", "years"),
        (r"\d+(%)", " times"),
        (r"\d+ (days)\b", "weeks"),
        (r"\d+ ?(hours|hrs)\b", "days"),
        (r"\d+ ?(lakhs?|lacs?)\b", "crore"),
        (r"(Rs\.?) ?\d", "$"),
        (r"\d+ (weeks)\b", "months"),
        (r"\d+ (MB|GB|KB)\b", "TB"),
        (r"\d+\+? (years)\b", "decades"),
        (r"\d+ ?(percent)\b", "times"),
    )
    options = [(spot, new) for pattern, new in swaps if (spot := draft.pick(re.compile(pattern))) is not None]
    if not options:
        return False
    spot, new = draft.rng.choice(options)
    draft.replace(*spot, new, 1)
    draft.plant(new.strip())
    return True


def employer_invented(draft: Draft) -> bool:
    employer = draft.absent(draft.phrases.employers)
    if not employer:
        return False
    role = draft.rng.choice(draft.phrases.roles)
    at = next((i for i, line in enumerate(draft.lines) if line.startswith("company - ")), len(draft.lines))
    years = draft.rng.choice(("2015 - 2017", "Mar 2012 to Jun 2014"))
    draft.lines[at:at] = [f"{role} - {draft.plant(employer)}, {years}"]
    return True


def employer_changed(draft: Draft) -> bool:
    employer = draft.absent(draft.phrases.employers)
    spot = draft.pick(re.compile(r"^company - (\w[^(]{3,60})$|^\w+ \w+ - (\w.{3,40})$"))
    if not employer or not spot:
        return False
    draft.replace(*spot, draft.plant(employer), spot[1].lastindex or 1)
    return True


def title_promoted(draft: Draft) -> bool:
    spot = draft.pick(TITLE, longest=70)
    if not spot:
        return False
    form = draft.rng.choice(draft.phrases.promotions)
    if re.search(re.escape(form.replace("{}", spot[1][2]).strip()), draft.source, re.I):
        return False
    new = form.format(spot[1][0].strip())
    draft.replace(*spot, new)
    draft.plant(form.replace("{}", "").strip(" ,"))
    return True


def title_replaced(draft: Draft) -> bool:
    spot = draft.pick(TITLE, longest=70)
    role = draft.absent(draft.phrases.roles)
    if not spot or not role or draft.source.lower().find(role.lower()) >= 0:
        return False
    draft.replace(*spot, role)
    draft.plant(next(w for w in role.split() if w not in spot[1][0]))
    return True


def date_stretched(draft: Draft) -> bool:
    spot = draft.pick(DATE_RANGE)
    if not spot:
        return False
    match = spot[1]
    start = int(match[2])
    options = [(2, str(start - draft.rng.choice((1, 2, 3))))]
    if match[5]:
        options += [(5, str(int(match[5]) + draft.rng.choice((1, 2, 3)))), (4, "Present")]
    group, new = draft.rng.choice(options)
    draft.replace(*spot, draft.plant(new), group)
    return True


def date_invented(draft: Draft) -> bool:
    at = [i for i, line in enumerate(draft.lines) if line.startswith("company - ")]
    years = [y for y in range(2001, 2019) if str(y) not in draft.source]
    if not at or len(years) < 2:
        return False
    start, end = sorted(draft.rng.sample(years, 2))
    draft.append(
        draft.rng.choice(at),
        f" ({draft.rng.choice(MONTHS)} {draft.plant(str(start))} - {draft.rng.choice(MONTHS)[:3]} {end})",
    )
    return True


def duration_inflated(draft: Draft) -> bool:
    spot = draft.pick(re.compile(r"\b(\d{1,3})\+? (?:months|years?|yrs)\b", re.I))
    if spot:
        old = int(spot[1][1])
        new = str(old + draft.rng.choice((2, 3, 5)) if old < 12 else old * 2)
        if re.search(rf"(?<!\d){new}\b", draft.source):
            return False
        draft.replace(*spot, draft.plant(new), 1)
        return True
    years = draft.rng.choice((11, 13, 14))
    if re.search(rf"(?<!\d){years}(?!\d)", draft.source):
        return False
    draft.lines.insert(0, draft.rng.choice(draft.phrases.durations).format(draft.plant(str(years))))
    return True


def degree_upgraded(draft: Draft) -> bool:
    spot = draft.pick(DEGREE)
    if not spot:
        return False
    up = {"Bachelor": "Master", "Diploma": "Bachelor", "B": "M", "HSC": "B.Sc", "SSC": "Diploma"}
    key = next(k for k in ("Bachelor", "Diploma", "HSC", "SSC", "B") if spot[1][0].startswith(k))
    new = up[key] + spot[1][0][len(key) :]
    if re.search(rf"(?<!\w){re.escape(new)}", draft.source):
        return False
    draft.replace(*spot, draft.plant(new))
    return True


def degree_invented(draft: Draft) -> bool:
    degree = draft.rng.choice(draft.phrases.degrees)
    school = draft.pick(SCHOOL)
    if not school or any(w in draft.source for w in degree.split()[:1]):
        return False
    at = next((i for i, line in enumerate(draft.lines) if line.startswith("Education")), 0)
    draft.lines.insert(at + 1, f"{draft.plant(degree)}, {school[1][0]}")
    return True


def school_swapped(draft: Draft) -> bool:
    spot = draft.pick(SCHOOL)
    school = draft.absent(draft.phrases.schools)
    if not spot:
        return False
    school = school or draft.rng.choice(draft.phrases.schools)
    if school.lower() in draft.source.lower():
        return False
    draft.replace(*spot, school)
    draft.plant(max((w for w in school.split() if w.lower() not in draft.source.lower()), key=len, default=school))
    return True


def certification_invented(draft: Draft) -> bool:
    certification = draft.rng.choice(draft.phrases.certifications)
    if certification.lower() in draft.source.lower():
        return False
    draft.lines.extend(
        ["Certifications", certification] if draft.rng.random() < 0.5 else [f"Certified: {certification}"]
    )
    draft.plant(
        max((w for w in certification.split() if w.lower() not in draft.source.lower()), key=len, default=certification)
    )
    return True


def project_invented(draft: Draft) -> bool:
    draft.lines.extend(["Projects", draft.rng.choice(draft.phrases.projects)])
    draft.plant(re.search(r"[A-Z]\w+(?: [A-Z]\w+)+|[A-Z][a-z]+[A-Z]\w+", draft.lines[-1])[0].split()[-1])  # type: ignore[index]
    return True


def verb_inflated(draft: Draft) -> bool:
    spot = draft.pick(WEAK)
    if not spot:
        return False
    verb = draft.rng.choice(draft.phrases.strong_verbs)
    draft.replace(*spot, spot[1][1] + draft.plant(verb) + " ")
    return True


def scope_inflated(draft: Draft) -> bool:
    spots = draft.prose()
    tail = draft.rng.choice(draft.phrases.scopes)
    if not spots or tail.split()[-1] in draft.source:
        return False
    draft.append(draft.rng.choice(spots), tail)
    draft.plant(max(tail.split(), key=len))
    return True


def statement_invented(draft: Draft) -> bool:
    statement = draft.rng.choice(draft.phrases.statements)
    spots = draft.prose()
    draft.lines.insert(draft.rng.choice(spots) + 1 if spots else len(draft.lines), statement)
    draft.plant(max(statement.strip(".").split(), key=len))
    return True


def fact_added_with_tense(draft: Draft) -> bool:
    if not tense(draft):
        return False
    spots = draft.prose()
    if not spots:
        return False
    tail = draft.rng.choice(draft.phrases.fact_tails)
    draft.append(draft.rng.choice(spots), tail)
    draft.plant(max(tail.strip(" ,").split(), key=len))
    return True


def repetition(draft: Draft) -> bool:
    if draft.rng.random() < 0.5:
        draft.lines.append(draft.rng.choice(draft.phrases.loops) * 25)
    else:
        spots = draft.prose()
        if not spots:
            return False
        draft.lines.extend([draft.lines[draft.rng.choice(spots)]] * 15)
    return True


def empty(draft: Draft) -> bool:
    draft.lines[:] = [draft.rng.choice(("", "   ", "Experience", "•", "Summary\n\nSkills\n\nExperience\n"))]
    return True


def prompt_leak(draft: Draft) -> bool:
    draft.lines.insert(draft.rng.choice((0, len(draft.lines))), draft.rng.choice(draft.phrases.leaks))
    return True


# --- harmless rewrites --------------------------------------------------------------------------------------------


def _substitute(draft: Draft, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> bool:
    before = list(draft.lines)
    draft.lines[:] = [pattern.sub(new, line) for line in draft.lines]
    return draft.lines != before


def _month_number(name: str) -> int:
    return next(i for i, m in enumerate(MONTHS, 1) if m[:3].lower() == name[:3].lower())


def date_format(draft: Draft) -> bool:
    style = draft.rng.choice(
        ("{name} {year}", "{short} {year}", "{number:02d}/{year}", "{year}-{number:02d}", "{short} {year}")
    )

    def new(match: re.Match[str]) -> str:
        number = _month_number(match[1])
        return style.format(name=MONTHS[number - 1], short=MONTHS[number - 1][:3], number=number, year=match[2])

    return _substitute(draft, MONTH_YEAR, new)


def date_range_style(draft: Draft) -> bool:
    dash = draft.rng.choice((" – ", " to ", "-", " - "))
    changed = _substitute(draft, DATE_RANGE, lambda m: m[0].replace(m[3], dash, 1))
    present = draft.rng.choice(("Present", "Current", "present", "Now"))
    return (
        _substitute(
            draft,
            re.compile(r"\btill date\b|\bto date\b|\bpresent\b(?=\W*$)", re.I),
            lambda m: present if m[0][0] in "tTpP" else m[0],
        )
        or changed
    )


def digits_as_words(draft: Draft) -> bool:
    if draft.rng.random() < 0.5:
        return _substitute(draft, re.compile(r"(?<![\w.,/:-])([2-9]|1[0-2])(?= [a-z]{4,})"), lambda m: WORDS[int(m[1])])
    words = re.compile(rf"\b({'|'.join(WORDS[2:])})(?= [a-z]+s\b)", re.I)
    return _substitute(draft, words, lambda m: str(WORDS.index(m[1].lower())))


def thousands(draft: Draft) -> bool:
    style = draft.rng.choice(("comma", "plain", "k"))

    def new(match: re.Match[str]) -> str:
        value = int(match[0].replace(",", ""))
        if style == "k" and value % 1000 == 0:
            return f"{value // 1000}k"
        return f"{value:,}" if style == "comma" else str(value)

    return _substitute(
        draft,
        re.compile(r"(?<![\w./:-])(?:\d{1,3}(?:,\d{3})+|[2-9]\d{3}|\d{5,6})(?![\w./:-])(?! *-)"),
        lambda m: m[0] if 1950 < int(m[0].replace(",", "")) < 2030 else new(m),
    )


def percent(draft: Draft) -> bool:
    if any("percent" in line for line in draft.lines):
        return _substitute(draft, re.compile(r" percent\b"), lambda _: "%")
    return _substitute(draft, re.compile(r"(\d) ?%"), lambda m: f"{m[1]} percent")


def months_as_years(draft: Draft) -> bool:
    def new(match: re.Match[str]) -> str:
        months = int(match[1])
        return f"{months // 12} years" if months % 12 == 0 and months > 12 else match[0]

    return _substitute(draft, MONTHS_OF, new)


def alias(draft: Draft) -> bool:
    pairs = list(draft.phrases.aliases)
    draft.rng.shuffle(pairs)
    changed = 0
    for old, new in [p for a, b in pairs for p in ((a, b), (b, a))]:
        if re.search(rf"(?<![\w.]){re.escape(new)}(?![\w.])", draft.source):
            continue
        changed += _substitute(
            draft, re.compile(rf"(?<![\w.])(?<!Ext ){re.escape(old)}(?![\w+#.])"), lambda _, new=new: new
        )  # type: ignore[misc]
        if changed == 2:
            break
    return bool(changed)


def synonym(draft: Draft) -> bool:
    pairs = [p for p in draft.phrases.synonyms if any(re.search(rf"\b{p[0]}\b", line) for line in draft.lines)]
    for old, new in draft.rng.sample(pairs, min(len(pairs), 4)):
        _substitute(draft, re.compile(rf"\b{old}\b"), lambda _, new=new: new)  # type: ignore[misc]
    return bool(pairs)


def rephrased(draft: Draft) -> bool:
    pairs = [p for p in draft.phrases.rephrasings if any(re.search(rf"\b{p[0]}", line) for line in draft.lines)]
    for old, new in draft.rng.sample(pairs, min(len(pairs), 3)):
        _substitute(draft, re.compile(rf"\b{old}"), lambda _, new=new: new)  # type: ignore[misc]
    return bool(pairs)


_IRREGULAR = {
    "write": "wrote",
    "build": "built",
    "lead": "led",
    "make": "made",
    "run": "ran",
    "give": "gave",
    "take": "took",
}


def tense(draft: Draft) -> bool:
    """The first word of bullets in another tense: Developed, Developing, Develop."""

    def new(match: re.Match[str]) -> str:
        lead, word = match[1], match[2]
        lower = word.lower()
        if lower.endswith("ing") and len(lower) > 6 and not lower.endswith(("eeing", "king", "owing")):
            stem = lower[:-3]
            if stem[-1] == stem[-2] and stem[-1] not in "sl":
                stem = stem[:-1]
            past = stem + ("d" if stem.endswith("e") else "ed")
            return lead + (_IRREGULAR.get(stem) or _IRREGULAR.get(stem + "e") or past).capitalize()
        if lower.endswith("ed") and len(lower) > 5 and lower != "based":
            return lead + (lower[:-2] + "ing").capitalize()
        return match[0]

    return _substitute(draft, re.compile(r"^(\s*(?:[•*●-]|\d{1,2}[.)])?\s*)([A-Z][a-z]{4,})(?= [a-z])"), new)


def _body(draft: Draft) -> list[int]:
    return [i for i in draft.prose() if BULLET.match(draft.lines[i])]


def reordered(draft: Draft) -> bool:
    body = _body(draft)
    runs: list[list[int]] = []
    for i in body:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    runs = [r for r in runs if len(r) > 2]
    for run in runs:
        shuffled = [draft.lines[i] for i in run]
        draft.rng.shuffle(shuffled)
        for i, line in zip(run, shuffled, strict=True):
            draft.lines[i] = line
    return bool(runs)


def sections_moved(draft: Draft) -> bool:
    at = next((i for i, line in enumerate(draft.lines) if line.startswith("Skill Details")), 0)
    draft.lines[:] = draft.lines[at:] + draft.lines[:at]
    return at > 0


def dropped(draft: Draft) -> bool:
    kept = [line for line in draft.lines if STRUCTURE.match(line) or draft.rng.random() < 0.6]
    if len(kept) < 5:
        return False
    draft.lines[:] = kept
    return True


def merged(draft: Draft) -> bool:
    body = [i for i in _body(draft) if i + 1 < len(draft.lines) and BULLET.match(draft.lines[i + 1])]
    if not body:
        return False
    at = draft.rng.choice(body)
    joiner = draft.rng.choice(draft.phrases.joiners)
    second = BULLET.sub("", draft.lines.pop(at + 1))
    second = second if joiner == ". " else second[:1].lower() + second[1:]
    draft.lines[at] = draft.lines[at].rstrip(" .;,") + joiner + second
    return True


def title_shortened(draft: Draft) -> bool:
    spot = draft.pick(
        re.compile(
            r"\b(?:Senior|Sr\.?|Lead|Junior|Associate|Java|Python|Web|Software|Test|Testing|Sales|Automation|Project) (?=(?:\w+ )?(?:Developer|Engineer|Manager|Tester|Analyst|Consultant|Administrator)\b)"
        ),
        60,
    )
    if not spot:
        return False
    draft.replace(*spot, "")
    return True


def headings(draft: Draft) -> bool:
    before = list(draft.lines)
    for old, new in draft.phrases.headings:
        draft.lines[:] = [new if line.strip(" :") == old else line for line in draft.lines]
    return before != draft.lines


def glyphs(draft: Draft) -> bool:
    glyph = draft.rng.choice(("- ", "* ", "● ", "▪ ", "– ", "➢ ", ""))
    before = list(draft.lines)
    draft.lines[:] = [BULLET.sub(glyph, line) if line.strip()[:1] in "•*-" else line for line in draft.lines]
    return before != draft.lines


def letter_case(draft: Draft) -> bool:
    short = [i for i, line in enumerate(draft.lines) if 2 <= len(line.split()) <= 6 and "Details" not in line]
    for i in short:
        draft.lines[i] = draft.rng.choice((str.upper, str.title, str.lower))(draft.lines[i])
    return bool(short)


def punctuation(draft: Draft) -> bool:
    mode = draft.rng.choice(("drop", "add", "quotes", "colon"))
    before = list(draft.lines)
    if mode == "drop":
        draft.lines[:] = [line.rstrip(" .;,") for line in draft.lines]
    elif mode == "add":
        draft.lines[:] = [line.rstrip(" .;,") + "." if len(line.split()) > 5 else line for line in draft.lines]
    elif mode == "quotes":
        draft.lines[:] = [line.replace('"', "“").replace("'", "’").replace(" & ", " and ") for line in draft.lines]
    else:
        draft.lines[:] = [
            line.replace(":-", ":").replace(" :", ":").replace("(", "- ").replace(")", "") for line in draft.lines
        ]
    return before != draft.lines


def pronouns(draft: Draft) -> bool:
    if any(re.search(r"\bI (?:have|am|was)\b|\bmy\b", line) for line in draft.lines):
        return _substitute(draft, re.compile(r"\b(?:I (?:have|am|was) |my )"), lambda _: "")
    body = _body(draft)
    for i in body[:3]:
        line = BULLET.sub("", draft.lines[i])
        if re.match(r"[A-Z][a-z]+ed ", line):
            draft.lines[i] = "I " + line[0].lower() + line[1:]
    return bool(body)


def summary(draft: Draft) -> bool:
    title = draft.pick(TITLE, longest=60)
    skills = sorted(set(re.findall(r"^(\w[\w ]+?)- Exprience", draft.source, re.M)))
    if not title or len(skills) < 3:
        return False
    a, b, c = draft.rng.sample(skills, 3)
    text = draft.rng.choice(draft.phrases.summaries).format(title=title[1][0].strip(), a=a, b=b, c=c)
    draft.lines[0:0] = ["Summary", text]
    return True


def skills_regrouped(draft: Draft) -> bool:
    skills = sorted(set(re.findall(r"^(\w[\w /+#.]+?)- Exprience", draft.source, re.M)))
    if len(skills) < 3:
        return False
    draft.rng.shuffle(skills)
    sep = draft.rng.choice((", ", " | ", " • "))
    draft.lines[0:0] = [draft.rng.choice(draft.phrases.skill_groups).format(sep.join(skills))]
    return True


def untouched(draft: Draft) -> bool:
    return bool(draft.lines)


def many_at_once(draft: Draft) -> bool:
    done = 0
    rewrites = [tense, synonym, alias, reordered, merged, date_format, percent, glyphs, summary, headings, rephrased]
    draft.rng.shuffle(rewrites)
    for rewrite in rewrites:
        done += rewrite(draft)
        if done == 4:
            return True
    return done >= 2


LIES: tuple[Rewrite, ...] = (
    skill_invented, skill_from_posting, skill_in_list, number_changed, number_invented, number_moved, unit_changed,
    employer_invented, employer_changed, title_promoted, title_replaced, date_stretched, date_invented,
    duration_inflated, degree_upgraded, degree_invented, school_swapped, certification_invented, project_invented,
    verb_inflated, scope_inflated, statement_invented, fact_added_with_tense, repetition, empty, prompt_leak,
)  # fmt: skip
HARMLESS: tuple[Rewrite, ...] = (
    untouched, date_format, date_range_style, digits_as_words, thousands, percent, months_as_years, alias, synonym,
    rephrased, tense, reordered, sections_moved, dropped, merged, title_shortened, headings, glyphs, letter_case,
    punctuation, pronouns, summary, skills_regrouped, many_at_once,
)  # fmt: skip


def read_resumes(folder: Path) -> list[str]:
    """The distinct resumes of `resumes.csv`, with their damaged bytes repaired, in the order of the file."""
    raw = (folder / "resumes.csv").read_bytes()
    for broken, meant in ((b"\xe2?\xa2", "•"), (b"\xe2??", "'"), (b"\xe2?\xa6", "…"), (b"\xe2?", "-")):
        raw = raw.replace(broken, meant.encode("cp1252"))
    rows = csv.DictReader(io.StringIO(raw.decode("cp1252", errors="replace")))
    texts = (ftfy.fix_text(row["Text"]).replace("\xa0", " ").replace("Â", "").strip() for row in rows)
    return [text for text in dict.fromkeys(texts) if len(text) > 300]


def read_postings(folder: Path) -> list[str]:
    """The descriptions of `postings.csv`."""
    csv.field_size_limit(10_000_000)
    with (folder / "postings.csv").open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        return [text for row in rows if len(text := row.get("description") or "") > 300]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.sub(r"\s*•\s*", "\n• ", text).splitlines() if line.strip(" •")]


def _base(lines: list[str], rng: random.Random) -> list[str]:
    """How the generated resume looks before anything is planted."""
    style = rng.choice(("same", "same", "trimmed", "bulleted"))
    if style == "trimmed":
        return [line for line in lines if STRUCTURE.match(line) or rng.random() < 0.75]
    if style == "bulleted":
        return [
            f"• {line}" if len(line.split()) > 6 and not BULLET.match(line) and not STRUCTURE.match(line) else line
            for line in lines
        ]
    return list(lines)


def cases(folder: Path, *, held_out: bool, per_kind: int = 20, seed: int = 0) -> list[Case]:
    """About `per_kind` cases of every kind (fewer where few resumes have a place for it).

    Raises FileNotFoundError when `folder` has no `resumes.csv` and `postings.csv`.
    """
    resumes = read_resumes(folder)[int(held_out) :: 2]
    postings = read_postings(folder)[int(held_out) :: 2]
    phrases = HELD_OUT if held_out else DEVELOPMENT
    found = []
    for lie, rewrites in ((True, LIES), (False, HARMLESS)):
        for rewrite in rewrites:
            found += _of_kind(rewrite, lie, resumes, postings, phrases, per_kind, seed)
    return [*found, *rewritten_cases(held_out=held_out)]


def rewritten_cases(*, held_out: bool) -> list[Case]:
    """Single statements rewritten and embellished as a language model does, each inside its whole resume."""
    people = yaml.safe_load((Path(__file__).parent / "truth_rewrites.yaml").read_text("utf-8"))
    half = len(people) // 2
    found = []
    for person in people[half:] if held_out else people[:half]:
        source = person["source"]
        for rewrite in person["rewrites"]:
            statement = rewrite["of"]
            for text in rewrite["truthful"]:
                found.append(Case(text, "rewritten", False, source, source.replace(statement, text)))
            for lie in rewrite["lies"]:
                generated = source.replace(statement, lie["text"])
                found.append(Case(lie["text"], "embellished", True, source, generated, planted=(lie["lie"],)))
    return found


def _of_kind(
    rewrite: Rewrite, lie: bool, resumes: list[str], postings: list[str], phrases: Phrases, per_kind: int, seed: int
) -> Iterator[Case]:
    kind = rewrite.__name__.replace("_", " ")
    rng = random.Random(f"{seed} {kind}")
    made = 0
    for attempt in range(per_kind * 8):
        if made == per_kind:
            return
        source = rng.choice(resumes)
        draft = Draft(_base(_lines(source), rng), rng, phrases, source, rng.choice(postings))
        if rewrite(draft):
            made += 1
            generated = "\n".join(draft.lines)
            yield Case(f"{kind} {attempt}", kind, lie, source, generated, draft.posting, tuple(draft.planted))
