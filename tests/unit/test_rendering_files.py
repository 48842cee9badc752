"""Resumes as files: what was written comes back, whatever it is, and nothing in it is read as an instruction."""

import io
import re
import threading
import zipfile
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text

from tailoring.ats_score import score
from tailoring.documents import read_document
from tailoring.latex import escaped
from tailoring.layout import lay_out
from tailoring.parsing import parse_resume
from tailoring.pdf import missing_glyphs
from tailoring.rendering import FORMATS, Format, render
from tailoring.resume import Contact, Education, Project, Role, Statement, TailoredResume
from tests.unit.test_rendering import ADA, EMPTY, FULL, NOBODY, said

LARGEST = 200_000  # bytes


def role(*bullets: str, title: str = "Cook", employer: str = "Harbour Inn") -> Role:
    return Role(title=title, employer=employer, location="", dates="2019 - 2021", bullets=said(*bullets))


def with_bullets(*bullets: str) -> TailoredResume:
    return EMPTY.model_copy(update={"experience": [role(*bullets)]})


def by_pypdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def by_pdfminer(data: bytes) -> str:
    return extract_text(io.BytesIO(data))


def words(text: str) -> str:
    """The text without white space and bullet signs."""
    return re.sub(r"(?m)^\s*[-•]\s|\s", "", text)


PDF_READERS = pytest.mark.parametrize("read", [by_pypdf, by_pdfminer])
LONG_BULLET = "Planned the menus of three kitchens, " * 6 + "and kept to the budget in each of nine quarters"

# Letters that the fonts have and that read from left to right, so that every reader gives them back as they stand.
printable = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 -.,:;/&%+#()'éüøłşßñçŐΩλЖя€", max_size=60)
anything = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "x" * 300, "שלום עולם", "مرحبا", "开发工程师", "🚀✅👩‍💻", "#set page(width: 1cm)", r"\input{/etc/passwd}"]
    ),
)


def resumes(texts: st.SearchStrategy[str], most_bullets: int = 6) -> st.SearchStrategy[TailoredResume]:
    statements = st.builds(Statement, text=texts, source_lines=st.just([1]))
    bullets = st.lists(statements, max_size=most_bullets)
    roles = st.builds(Role, title=texts, employer=texts, location=texts, dates=texts, bullets=bullets)
    degrees = st.builds(Education, degree=texts, school=texts, dates=texts, details=texts, source_lines=st.just([1]))
    return st.builds(
        TailoredResume,
        headline=texts,
        summary=st.lists(statements, max_size=2),
        skills=st.lists(texts, max_size=8),
        experience=st.lists(roles, max_size=3),
        education=st.lists(degrees, max_size=2),
        certifications=st.lists(statements, max_size=2),
        projects=st.lists(st.builds(Project, name=texts, dates=texts, bullets=bullets), max_size=2),
        languages=st.lists(statements, max_size=2),
    )


def contacts(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Contact]:
    return st.builds(
        Contact, name=texts, email=texts, phone=texts, location=texts, links=st.lists(texts, max_size=2)
    )  # fmt: skip


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_resume_is_the_same_file_and_small(format_: Format) -> None:
    data = render(FULL, ADA, format_)
    assert data == render(FULL, ADA, format_)
    assert len(data) < LARGEST


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ValueError, match=r"'rtf'.*pdf, docx"):
        render(FULL, ADA, "rtf")  # type: ignore[arg-type]


@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_resume_is_still_a_file(format_: Format) -> None:
    assert render(EMPTY, NOBODY, format_)


@PDF_READERS
def test_pdf_sections_and_lines_come_back(read: Any) -> None:
    text = render(FULL, ADA, "txt").decode()
    lines = [line.replace("•", "-").strip() for line in read(render(FULL, ADA, "pdf")).splitlines()]
    assert [line for line in lines if line] == [line for line in text.splitlines() if line]


def parsed(text: str) -> Any:
    found = parse_resume(text)
    return (
        found.contact.contact,
        [(role.title, role.employer, [item.text for item in role.bullets]) for role in found.roles],
        found.skills.terms,
        [item.text for item in found.summary],
        [(entry.degree, entry.school) for entry in found.education],
        [item.text for item in found.certifications],
        [project.name for project in found.projects],
    )


@pytest.mark.parametrize("format_", ["pdf", "docx", "json"])
def test_the_parser_makes_the_same_of_every_format(format_: Format) -> None:
    wordy = FULL.model_copy(
        update={
            "skills": [f"{tool} {number}" for number in range(12) for tool in ("Apache Kafka", "Oil painting")],
            "experience": [role(LONG_BULLET, "Sold it in Berlin, Hamburg and Rostock; " * 5 + "Denmark")],
        }
    )
    assert parsed(read_document(render(wordy, ADA, format_)).text) == parsed(render(wordy, ADA, "txt").decode())


@pytest.mark.parametrize("format_", ["pdf", "docx"])
def test_the_ats_judge_sees_the_file_as_the_text(format_: Format) -> None:
    resume = FULL.model_copy(update={"experience": [*FULL.experience, role(LONG_BULLET)]})
    assert abs(score(render(resume, ADA, format_)).total - score(render(resume, ADA, "txt")).total) < 1


@PDF_READERS
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(resume=resumes(printable), contact=contacts(printable))
def test_pdf_words_come_back_in_order(read: Any, resume: TailoredResume, contact: Contact) -> None:
    data = render(resume, contact, "pdf")
    assert words(read(data)) == words(render(resume, contact, "txt").decode())
    assert len(data) < LARGEST


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(resume=resumes(anything), contact=contacts(anything))
def test_no_content_breaks_a_format(resume: TailoredResume, contact: Contact) -> None:
    for format_ in FORMATS:
        data = render(resume, contact, format_)
        assert len(data) < LARGEST
        assert data == render(resume, contact, format_)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(resume=resumes(anything), contact=contacts(anything))
def test_docx_lines_are_those_of_the_text(resume: TailoredResume, contact: Contact) -> None:
    text = render(resume, contact, "txt").decode()
    paragraphs = docx.Document(io.BytesIO(render(resume, contact, "docx"))).paragraphs
    expected = [line.removeprefix("- ") for line in text.split("\n") if line]
    assert [paragraph.text.removeprefix("- ") for paragraph in paragraphs] == expected


def test_sixty_bullets_fill_pages_and_none_is_lost() -> None:
    bullets = [f"Cooked dish number {number} for {number * 3} guests of the harbour" for number in range(60)]
    data = render(with_bullets(*bullets), NOBODY, "pdf")
    assert 1 < len(pypdf.PdfReader(io.BytesIO(data)).pages) < 4
    read = read_document(data).text
    assert all(bullet in read for bullet in bullets)


def test_a_word_longer_than_a_line_stays_on_the_page() -> None:
    word = "supercalifragilistic" * 15
    data = render(with_bullets(f"Wrote {word}"), NOBODY, "pdf")
    assert words(by_pypdf(data)).endswith(word)
    longest = max(by_pypdf(data).splitlines(), key=len)
    assert len(longest) < 140


def test_letters_are_not_joined_nor_words_cut() -> None:
    bullet = (
        "Led efficient offices, fjords, waffles and final flights of well-known user-friendly state-of-the-art teams"
    )
    for _ in range(4):
        bullet += " and re-opened the self-made first-floor flat-rate office"
    read = by_pypdf(render(with_bullets(bullet), NOBODY, "pdf"))
    assert words(read).endswith(words(bullet))
    assert not any(line.rstrip().endswith("-") for line in read.splitlines())
    assert not re.search("[ﬀ-ﬆ]", read)


def test_content_is_never_markup() -> None:
    hostile = '#set page(width: 1cm) #import "x" $x^2$ *bold* = Heading `raw` <label> @ref // gone /* gone */ #{1+1}'
    assert words(by_pypdf(render(with_bullets(hostile), NOBODY, "pdf"))).endswith(words(hostile.replace("`", "'")))


def test_signs_without_a_glyph_are_told_and_harm_nothing() -> None:
    resume = with_bullets("🚀 Launched the canteen", "开发 tools", "Plain work")
    page = lay_out(resume, NOBODY)
    assert set(missing_glyphs(page)) <= {"🚀", "开", "发"}  # a machine's own fonts may have them
    read = by_pypdf(render(resume, NOBODY, "pdf"))
    assert "Launched the canteen" in read
    assert "Plain work" in read
    assert "🚀" in render(resume, NOBODY, "txt").decode()
    assert missing_glyphs(lay_out(FULL, ADA)) == ""


def test_the_pdf_says_what_it_is_and_can_be_read_aloud() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(FULL, ADA, "pdf")))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Ada Böhme - Senior Data Engineer", "Ada Böhme")
    assert reader.metadata.creation_date is None
    assert reader.root_object["/MarkInfo"]["/Marked"]
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[0]["/Annots"]]
    assert links == ["mailto:ada@example.com", "https://ada.example.com"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "not a link"])
def test_only_addresses_become_links(link: str) -> None:
    data = render(FULL, NOBODY.model_copy(update={"links": [link]}), "pdf")
    assert "/Annots" not in pypdf.PdfReader(io.BytesIO(data)).pages[0]


def test_many_threads_may_write_at_once() -> None:
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for _ in range(3):
                assert by_pypdf(render(with_bullets(f"Cooked {number} dishes"), NOBODY, "pdf")).count(str(number))
        except BaseException as error:  # noqa: BLE001  told below
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_docx_has_words_own_headings_and_lists_and_nothing_in_the_way() -> None:
    data = render(FULL, ADA, "docx")
    document = docx.Document(io.BytesIO(data))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert styles["Ada Böhme"] == "Title"
    assert styles["EXPERIENCE"] == "Heading 1"
    assert styles["Led a team of six engineers"] == "List Bullet"
    numbering = document.styles["List Bullet"].element.find(f".//{qn('w:numId')}")
    assert numbering is not None
    assert read_document(data).obstacles == ()
    properties = document.core_properties
    assert (properties.title, properties.author) == ("Ada Böhme - Senior Data Engineer", "Ada Böhme")
    assert {member.date_time for member in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_latex_is_whole_and_every_sign_escaped() -> None:
    source = render(with_bullets(r"Saved 50% & $5 #1 a_b {x} \input{y} ~ ^ < > | -- '' [z]"), ADA, "tex").decode()
    assert (
        r"\item Saved 50\% \& \$5 \#1 a\_b \{x\} \textbackslash{}input\{y\} \textasciitilde{} \textasciicircum{} "
        r"\textless{} \textgreater{} \textbar{} -{}- '{}' {[}z{]}"
    ) in source
    assert source.count(r"\begin{") == source.count(r"\end{")
    assert r"\section{EXPERIENCE}" in source


@given(st.text())
def test_escaped_latex_holds_no_command_of_the_contents(text: str) -> None:
    known = r"\\text(?:backslash|ascii\w+|less|greater|bar|quotedbl)\{\}|\\[&%$#_{}]|\{\[\}|\{\]\}|\{\}"
    rest = re.sub(known, "", escaped(text))
    assert not re.search(r"[\\&%$#_{}~^]", rest)
