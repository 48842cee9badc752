"""Known lies, each planted in a draft by one function that gives False where the resume has no place for it."""

import re

from benchmarks.truth_draft import COUNT, DATE_RANGE, DEGREE, MONTHS, SCHOOL, TITLE, WEAK, Draft, Rewrite
from benchmarks.truth_harmless import tense
from benchmarks.truth_phrases import DEVELOPMENT, HELD_OUT


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


LIES: tuple[Rewrite, ...] = (
    skill_invented, skill_from_posting, skill_in_list, number_changed, number_invented, number_moved, unit_changed,
    employer_invented, employer_changed, title_promoted, title_replaced, date_stretched, date_invented,
    duration_inflated, degree_upgraded, degree_invented, school_swapped, certification_invented, project_invented,
    verb_inflated, scope_inflated, statement_invented, fact_added_with_tense, repetition, empty, prompt_leak,
)  # fmt: skip
