"""ATS checks of content: achievements, verbs, bullets, language, and whether keywords were stuffed.

Whether the file can be read and filed is `tailoring.ats_structure`'s business.
"""

import re
from collections import Counter

from tailoring.ats_finding import Finding, decay, flaws_cost, some
from tailoring.ats_reading import Line, Reading, natural_count
from tailoring.sections import Section
from tailoring.skills import find_skills
from tailoring.spelling import correction, glued_parts, is_known
from tailoring.wording import PRONOUNS, Opening, counts_something, function_words, opening, pronouns


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
        share, f"{strong} of {len(openings)} open with an action verb" + (f"; weak: {some(weak)}" if weak else "")
    )


def bullets(reading: Reading) -> Finding:
    statements = reading.statements
    marked = sum(bool(line.marker) for line in statements)
    good = sum(_good_length(len(line.words)) for line in statements)
    long = [line for line in reading.body if len(line.words) > _PARAGRAPH]
    shape = (marked + good) / (2 * max(1, len(statements))) * min(1.0, len(statements) / 4)
    share = shape * decay(sum(len(line.words) / _PARAGRAPH for line in long), 1.5)
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
    openings = [found for line in reading.statements for found in _openings(line)]
    verbs = Counter(word for kind, word in openings if kind != "other")
    usual = max(2, len(openings) // 6)
    worn_verbs = {verb: count - usual for verb, count in verbs.items() if count > usual}
    often = natural_count(len(reading.words))
    worn_words = {
        word: count - often
        for word, count in reading.counts.items()
        if count > often and len(word) > 2 and word not in function_words()
    }
    flaws = repeated_lines + 0.75 * sum(worn_verbs.values()) + 0.4 * sum(worn_words.values())
    found = f"{repeated_lines} repeated lines; worn words: {some([*worn_verbs, *worn_words]) or 'none'}"
    return Finding(decay(flaws, 4 + len(openings) / 6), found)


def _openings(line: Line) -> list[tuple[Opening, str]]:
    """How each sentence of a line opens."""
    first, *more = line.text.split(". ")
    return [opening(first) if more else line.opening, *map(opening, more)]


def spelling(reading: Reading) -> Finding:
    words = reading.written_words
    wrong = [f"{word} ({meant}?)" for word, meant in zip(words, map(correction, words), strict=True) if meant]
    return flaws_cost(wrong, 3 + len(reading.words) / 250, "misspelt words")


_ENDLESS = 29  # characters
_WORD_LENGTH = 6
_NO_SPACE = re.compile(r"(?<![\w.@/])([^\W\d_]{2,30})([.,;:!?)]?)([A-Z][a-z]{1,30})(?![\w.@/])")


def glued_words(reading: Reading) -> Finding:
    glued = list(filter(glued_parts, reading.written_words))
    tokens = reading.text.split()
    endless = [token for token in tokens if len(token) >= _ENDLESS and _is_endless_word(token)]
    glued += [word[:40] for word in endless]
    inner_capitals = " ".join(token for token in tokens if not token.islower() and token[1:].lower() != token[1:])
    for before, mark, after in _NO_SPACE.findall(inner_capitals):
        known = is_known(before.lower()) and is_known(after.lower())
        if known and (mark or before.islower()) and not find_skills(before + mark + after):
            glued.append(before + mark + after)
    flaws = len(glued) + sum(len(word) // _WORD_LENGTH for word in endless)
    found = f"{len(glued)} glued words: {some(glued)}" if glued else "no glued words"
    return Finding(decay(flaws, 2 + len(reading.words) / 300), found)


def _is_endless_word(token: str) -> bool:
    """Whether what stands between blanks is neither an address nor mostly signs."""
    return "@" not in token and "/" not in token and sum(map(str.isalpha, token)) > 0.8 * len(token)


def cliches(reading: Reading) -> Finding:
    return flaws_cost([phrase for line in reading.prose for phrase in line.buzzwords], 1.5, "buzzwords")


def personal_pronouns(reading: Reading) -> Finding:
    lines = [line.text for line in reading.prose if not PRONOUNS.isdisjoint(line.words)]
    return flaws_cost(pronouns("\n".join(lines)), 2 + len(reading.words) / 400, "pronouns")


def capitals(reading: Reading) -> Finding:
    shouted = [
        line for line in reading.body if line.section is not None and len(line.words) >= 3 and line.raw.isupper()
    ]
    share = sum(len(line.words) for line in shouted) / max(1, len(reading.words))
    return Finding(1 - share, f"{len(shouted)} lines in capitals")


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
    bursts = _bursts(reading)
    hidden = len(reading.document.hidden.split())
    pasted = [phrase for line in reading.body for phrase in line.posting_phrases]
    flaws = loose + labelled + crowded + 2 * len(bursts) + 2 * hidden + _PASTED * len(pasted)
    found = [
        f"{loose + labelled} words of bare keywords" if loose + labelled else "",
        f"{crowded} skills too many or twice" if crowded else "",
        f"hammered: {some(bursts)}" if bursts else "",
        f"{hidden} hidden words" if hidden else "",
        f"words of a posting: {some(pasted)}" if pasted else "",
    ]
    return Finding(decay(flaws, 12), "; ".join(filter(None, found)) or "no stuffing")


def _stacked(reading: Reading) -> int:
    """Lines of a word or two, one under the other, beyond what a list of languages or interests holds."""
    surplus = run = 0
    for line in reading.prose:
        short = len(line.words) <= 2 and not line.dates and line.section is not Section.SKILLS
        run = run + 1 if short else 0
        surplus += run > 6
    return surplus


def _bursts(reading: Reading) -> list[str]:
    """Each occurrence of a word that makes it too many within a window."""
    words = [word for line in reading.body for word in line.words]  # in the head too, where a dump may hide
    often = {word for word, count in Counter(words).items() if count > _BURST and word not in function_words()}
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
