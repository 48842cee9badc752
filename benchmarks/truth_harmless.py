"""Harmless rewrites, each made in a draft by one function that gives False where the resume has no place for it."""

import re
from collections.abc import Callable

from benchmarks.truth_draft import (
    BULLET,
    DATE_RANGE,
    MONTH_YEAR,
    MONTHS,
    MONTHS_OF,
    STRUCTURE,
    TITLE,
    WORDS,
    Draft,
    Rewrite,
)


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
            r"\b(?:Senior|Sr\.?|Lead|Junior|Associate|Java|Python|Web|Software|Test|Testing|"
            r"Sales|Automation|Project) "
            r"(?=(?:\w+ )?(?:Developer|Engineer|Manager|Tester|Analyst|Consultant|Administrator)\b)"
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


HARMLESS: tuple[Rewrite, ...] = (
    untouched, date_format, date_range_style, digits_as_words, thousands, percent, months_as_years, alias, synonym,
    rephrased, tense, reordered, sections_moved, dropped, merged, title_shortened, headings, glyphs, letter_case,
    punctuation, pronouns, summary, skills_regrouped, many_at_once,
)  # fmt: skip
