"""Changes whose effect on an ATS score is known beforehand: what must lower it, leave it alone, or not lower it.

Plain edits of text that know nothing of the scorer. Each takes a resume, a posting and a source of chance, and returns
the changed text, or None where the resume has nothing to change.
"""

from dataclasses import dataclass
from typing import Literal

from ats_layout import (
    mixed_dates,
    one_paragraph,
    renamed_headings,
    shuffle_all,
    shuffle_sections,
    table,
    without,
    without_contact,
    without_dates,
    without_numbers,
)
from ats_neutral import (
    capital_headings,
    glyph,
    new_bullet,
    other_headings,
    swapped_name,
    swapped_pronouns,
    swapped_school,
)
from ats_parts import HEADINGS, Change
from ats_wording import (
    CLICHES,
    HIDDEN,
    append,
    doubled,
    glue,
    glue_lines,
    hammer,
    hammer_spread,
    into_skills,
    keywords_of,
    letter_spaced,
    mojibake,
    opened,
    same_verb,
    six_pages,
    six_pages_of_prose,
    typos,
)

Effect = Literal["lowers", "keeps", "does not lower"]


@dataclass(frozen=True, slots=True)
class Case:
    """One change and its expected effect."""

    name: str
    effect: Effect
    apply: Change


CASES = (
    *(Case(f"without {section}", "lowers", without(section)) for section in HEADINGS),
    Case("without contact", "lowers", without_contact),
    Case("without dates", "lowers", without_dates),
    Case("mixed date formats", "lowers", mixed_dates),
    Case("without numbers", "lowers", without_numbers),
    Case("10 glued pairs of words", "lowers", glue),
    Case("3 glued lines", "lowers", glue_lines),
    Case("one word 30 times at the end", "lowers", hammer),
    Case("one word 30 times throughout", "lowers", hammer_spread),
    Case("posting's keywords, commas", "lowers", append(lambda posting: ", ".join(keywords_of(posting)))),
    Case(
        "posting's keywords, labelled", "lowers", append(lambda posting: "Keywords: " + ", ".join(keywords_of(posting)))
    ),
    Case("posting's keywords, spaces", "lowers", append(lambda posting: " ".join(keywords_of(posting)))),
    Case("posting's keywords, one a line", "lowers", append(lambda posting: "\n".join(keywords_of(posting)))),
    Case(
        "posting's keywords, hidden",
        "lowers",
        append(lambda posting: HIDDEN[0] + ", ".join(keywords_of(posting)) + HIDDEN[1]),
    ),
    Case(
        "posting's keywords, in a comment",
        "lowers",
        append(lambda posting: f"<!-- {' '.join(keywords_of(posting))} -->"),
    ),
    Case("posting's keywords, in skills", "lowers", into_skills),
    Case("the whole posting", "lowers", append(lambda posting: posting)),
    Case("doubled", "lowers", doubled),
    Case("six pages of repeats", "lowers", six_pages),
    Case("six pages of prose", "lowers", six_pages_of_prose),
    Case("all capitals", "lowers", lambda text, posting, chance: text.upper()),
    Case("4 typos", "lowers", typos(4)),
    Case("12 typos", "lowers", typos(12)),
    Case("buzzwords", "lowers", lambda text, posting, chance: f"{text.rstrip()}\n{CLICHES}\n"),
    Case("pronouns", "lowers", opened("I")),
    Case("weak verbs", "lowers", opened("Was responsible for")),
    Case("helping verbs", "lowers", opened("Helped to")),
    Case("the same verb", "lowers", same_verb),
    Case("one paragraph", "lowers", one_paragraph),
    Case("lines shuffled within sections", "lowers", shuffle_sections),
    Case("all lines shuffled", "lowers", shuffle_all),
    Case("odd headings", "lowers", renamed_headings),
    Case("bullets in a table", "lowers", table),
    Case("broken characters", "lowers", mojibake),
    Case("letter-spaced", "lowers", letter_spaced),
    Case(
        "first third only",
        "lowers",
        lambda text, posting, chance: text[: len(text) // 3] if 900 < len(text) < 5000 else None,
    ),
    Case("a quantified bullet", "does not lower", new_bullet),
    *(Case(f"bullet sign {sign}", "keeps", glyph(sign)) for sign in "-*▪•"),
    Case("other standard headings", "keeps", other_headings),
    Case("headings in capitals", "keeps", capital_headings),
    Case("trailing spaces", "keeps", lambda text, posting, chance: text.replace("\n", "  \n") + "   "),
    Case("Windows line ends", "keeps", lambda text, posting, chance: text.replace("\n", "\r\n")),
    Case("more blank lines", "keeps", lambda text, posting, chance: text.replace("\n\n", "\n\n\n")),
    Case("another name", "keeps", swapped_name),
    Case("another school", "keeps", swapped_school),
    Case("other pronouns", "keeps", swapped_pronouns),
)
