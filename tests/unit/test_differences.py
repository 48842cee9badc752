"""A generated resume against its source: nothing of either text is lost, and each word is marked rightly."""

from hypothesis import given
from hypothesis import strategies as st

from labelling.differences import Comparison, compare
from tailoring.resume import Role, Statement, TailoredResume

SOURCE = """Ana Silva
SKILLS
Python, SQL
EXPERIENCE
Engineer, Acme, 2020
- Built 14 pipelines that load events
- Ran the office choir
"""


def tailored(text: str, *lines: int) -> TailoredResume:
    bullet = Statement(text=text, source_lines=list(lines))
    role = Role(title="Engineer", employer="Acme", location="", dates="2020", bullets=[bullet])
    return TailoredResume(
        headline="", summary=[], skills=[], experience=[role], education=[], certifications=[], projects=[]
    )


def changed_words(found: Comparison) -> list[str]:
    return [part.text for line in found.generated for part in line.parts if part.changed]


def test_what_the_source_says_is_kept() -> None:
    text = "Built 14 pipelines that load events"
    found = compare(SOURCE, f"EXPERIENCE\n- {text}", tailored(text, 6), [])
    assert [line.status for line in found.generated] == ["heading", "kept"]
    assert found.generated[1].sources == (6,)
    assert changed_words(found) == []


def test_a_word_that_the_cited_line_does_not_have_is_marked() -> None:
    text = "Built 40 pipelines that load events"
    found = compare(SOURCE, f"- {text}", tailored(text, 6), [])
    assert found.generated[0].status == "changed"
    assert changed_words(found) == ["40"]


def test_a_line_that_cites_nothing_is_held_against_the_nearest() -> None:
    found = compare(SOURCE, "Engineer | Acme | 2020\nSkydiving champion", None, [])
    assert [(line.status, line.sources) for line in found.generated] == [("kept", (5,)), ("new", ())]


def test_what_nothing_rests_on_is_left_out_but_headings_are_not() -> None:
    found = compare(SOURCE, "Python, SQL", None, [])
    assert [line.number for line in found.source if not line.used] == [1, 5, 6, 7]


def test_contact_data_and_skills_that_went_into_one_line_are_not_left_out() -> None:
    source = "Ana Silva\nana@example.com\n(555) 010-0199\nWindows Server ........ 12\nRan the office choir"
    found = compare(source, "Ana Silva\nana@example.com | (555) 010-0199\nSKILLS\nSQL, Windows Server", None, [])
    assert [line.number for line in found.source if not line.used] == [5]


def test_a_cited_line_that_does_not_exist_is_ignored() -> None:
    found = compare(SOURCE, "- Sang", tailored("Sang", 0, 99), [])
    assert found.generated[0].status == "new"


def test_a_claim_is_marked_and_begins_once_even_over_two_lines() -> None:
    text = "one two\nthree four"
    found = compare(SOURCE, text, None, [(4, 13)])
    marked = [(part.text, part.starts_claim) for line in found.generated for part in line.parts if part.claim]
    assert marked == [("two", True), ("three", False)]


def test_the_line_of_languages_comes_from_the_lines_of_each() -> None:
    entries = [Statement(text="German (fluent)", source_lines=[9]), Statement(text="Welsh", source_lines=[10])]
    source = SOURCE + "LANGUAGES\nGerman: fluent\nWelsh"
    resume = tailored("Sang", 1).model_copy(update={"languages": entries})
    found = compare(source, "LANGUAGES\nGerman (fluent), Welsh", resume, [])
    assert found.generated[1].status == "kept"
    assert found.generated[1].sources == (9, 10)


@given(st.text(), st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=3))
def test_no_character_is_lost(source: str, generated: str, claims: list[tuple[int, int]]) -> None:
    found = compare(source, generated, None, claims)
    shown = "\n".join("".join(part.text for part in line.parts) for line in found.generated)
    assert shown == "\n".join(line.rstrip("\r") for line in generated.split("\n"))
