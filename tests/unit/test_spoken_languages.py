"""Languages that people speak: found with their levels, told apart from countries, never put higher than they are."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.entries import languages
from tailoring.parsing import parse_resume
from tailoring.spoken_languages import (
    find_languages,
    is_level,
    known_levels,
    language_and_level,
    language_entries,
    overstated,
)

BASIC, INTERMEDIATE, ADVANCED, FLUENT, NATIVE = 1, 2, 4, 5, 6


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("English, Hindi & Tulu", {"English": 0, "Hindi": 0, "Tulu": 0}),
        ("English Hindi Marathi", {"English": 0, "Hindi": 0, "Marathi": 0}),
        ("English (Fluent), German (basic)", {"English": FLUENT, "German": BASIC}),
        ("Spanish - conversational; Welsh: beginner", {"Spanish": INTERMEDIATE, "Welsh": BASIC}),
        ("Fluent in English and German; basic French", {"English": FLUENT, "German": FLUENT, "French": BASIC}),
        ("Native or bilingual: Polish", {"Polish": NATIVE}),
        ("near-native French, English (Full Professional)", {"French": FLUENT, "English": FLUENT}),
        ("Deutsch (Muttersprache), Englisch (C1)", {"German": NATIVE, "English": ADVANCED}),
        ("italiano: lengua materna / inglés: avanzado", {"Italian": NATIVE, "English": ADVANCED}),
        ("English, fluent\nGerman\nbasic", {"English": FLUENT, "German": BASIC}),
        ("Fluent: English. Basic: French, Dutch", {"English": FLUENT, "French": BASIC, "Dutch": BASIC}),
        ("English as native speaker (IELTS 8; Speaking 8.5), Hindi", {"English": NATIVE, "Hindi": 0}),
        ("native speaker of Welsh with basic Irish", {"Welsh": NATIVE, "Irish": BASIC}),
        ("Taught German classes", {"German": 0}),
        ("American Sign Language", {"Sign Language": 0}),
        ("Sold to German customers of a French bank", {}),
        ("Used to polish brass for Thailand", {}),
        ("A good command of Python", {}),
    ],
)
def test_languages_are_read_with_their_levels(text: str, levels: dict[str, int]) -> None:
    assert known_levels(text) == levels


def test_the_level_of_one_language_is_not_the_next_ones() -> None:
    assert known_levels("English (fluent), German") == {"English": FLUENT, "German": 0}
    assert known_levels("fluent English, German") == {"English": FLUENT, "German": 0}
    assert known_levels("fluent in English\nGerman\nbasic") == {"English": FLUENT, "German": BASIC}
    assert known_levels("SQL, English, Strong communication") == {"English": 0}


@pytest.mark.parametrize(
    ("said", "source", "why"),
    [
        ("German (basic)", "German: Basic", None),
        ("German (native)", "Deutsch, Muttersprache", None),
        ("German (intermediate)", "Fluent in German", None),
        ("German", "German (C2)", None),
        ("German (fluent)", "German (basic), English (fluent)", "the source puts this language lower"),
        ("German (fluent)", "German (C1)", "the source puts this language lower"),
        ("German (basic)", "German, English", "the source does not say how well"),
        ("German", "English", "the source names no such language"),
        ("German", "Served German customers", "the source names no such language"),
    ],
)
def test_a_language_needs_its_source_and_no_better_level(said: str, source: str, why: str | None) -> None:
    assert overstated(find_languages(said)[0], known_levels(source)) == why


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ("ENGLISH, hindi", ["English", "Hindi"]),
        ("Proficient in English, Tulu and Odia.", ["English (Proficient)", "Tulu (Proficient)", "Odia (Proficient)"]),
        ("German – C1 (telc 2019)", ["German – C1 (telc 2019)"]),
        ("English: read, write and speak, Hindi", ["English: read, write and speak", "Hindi"]),
        ("English, English", ["English"]),
        ("B2/C1 in Swiss German, Odia: intermediate (B1)", ["Swiss German (B2/C1)", "Odia (intermediate/B1)"]),
        ("Mother tongue: Hindi. Other languages: Odia", ["Hindi (Mother tongue)", "Odia"]),
        ("Tok Pisin (native), Xyzish and English", ["Tok Pisin (native)", "Xyzish", "English"]),
        ("English, Hindi and others", ["English", "Hindi"]),
        ("Marital status: single", []),
    ],
)  # fmt: skip
def test_a_line_becomes_entries_in_its_own_words(line: str, entries: list[str]) -> None:
    assert language_entries(line) == entries


@pytest.mark.parametrize(
    ("entry", "parts"),
    [
        ("German (fluent)", ("German", "fluent")),
        ("German – C1 (telc)", ("German", "C1 (telc)")),
        ("English: read, write", ("English", "read, write")),
        ("German at home", ("German", "at home")),
        ("Welsh", ("Welsh", "")),
        ("Second language: Welsh", ("Second language: Welsh", "")),
        ("Klingon (native)", ("Klingon", "native")),
    ],
)
def test_an_entry_is_a_language_and_its_level(entry: str, parts: tuple[str, str]) -> None:
    assert language_and_level(entry) == parts


def test_a_level_alone_is_told_from_other_words() -> None:
    assert is_level("Full professional proficiency")
    assert is_level("fluent, written and spoken")
    assert not is_level("Fluent German")
    assert not is_level("Chess")


def test_the_section_of_a_resume_is_read_over_its_lines() -> None:
    parsed = parse_resume(
        "SKILLS\nSQL\nLANGUAGES\nEnglish\nNative\nDutch (B2), Welsh\nNationality: German\nINTERESTS\nChess"
    )
    assert [(entry.text, entry.source_lines) for entry in languages(parsed)] == [
        ("English (Native)", [4, 5]),
        ("Dutch (B2)", [6]),
        ("Welsh", [6]),
    ]


def test_a_level_is_that_of_the_line_just_above() -> None:
    parsed = parse_resume("LANGUAGES\nDutch\nHAUSA\nfluent\nPhoto: enclosed\nbasic\nINTERESTS\nChess")
    assert [entry.text for entry in languages(parsed)] == ["Dutch", "Hausa (fluent)"]


def test_personal_data_behind_the_languages_is_no_language() -> None:
    parsed = parse_resume("PERSONAL DETAILS\nLanguages Known: English, Urdu\nMarital Status: Single\nPlace: Pune")
    assert [entry.text for entry in languages(parsed)] == ["English", "Urdu"]


PIECES = [*("English", "German", "Welsh", "fluent", "basic", "C1"), *("in", "and", "read", "clients"), *",():-\n"]


@given(st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_nothing_is_said_of_a_language_that_the_text_does_not_hold(text: str) -> None:
    for mention in find_languages(text):
        assert mention.written in text
        assert all(level in text for level in mention.level_written.split("/"))
        assert all(text[start:end].strip() for start, end in mention.spans)
    for entry in language_entries(text):
        assert all(word.strip("()").casefold() in text.casefold() for word in re.split("[ /]", entry))


@pytest.mark.parametrize("unit", ["English ", "fluent in ", "native or ", "(", "a/", "English,", "\n"])
def test_the_time_is_linear(unit: str) -> None:
    start = time.process_time()
    language_entries(unit * (50_000 // len(unit)) + " German")
    assert time.process_time() - start < 2  # about 0.2 s; a quadratic step takes a hundred times as long
