"""Reading files as an ATS does: order, hidden text, and what stands in its way."""

import contextlib
import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.shared import Pt, RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.documents import Document, UnreadableDocumentError, read_document


def pdf(*contents: str, compressed: bool = False) -> bytes:
    """A PDF with one page per content stream; `/F1` is Helvetica."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    pages = []
    for content in contents:
        data = content.encode("latin-1")
        packed = zlib.compress(data) if compressed else data
        coding = b" /Filter /FlateDecode" if compressed else b""
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(packed), coding, packed))
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
        objects.append(page % len(objects) + b"/Resources << /Font << /F1 3 0 R >> >> >>")
        pages.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(pages), len(pages))
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def shown(text: str, x: int = 72, y: int = 700, size: float = 11, before: str = "") -> str:
    return f"q {before} BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET Q"


def page(lines: Sequence[str]) -> str:
    return "\n".join(shown(line, y=720 - 14 * at) for at, line in enumerate(lines))


def docx_bytes(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def test_a_string_is_the_text_itself_even_when_it_looks_like_a_path() -> None:
    assert read_document("resume.pdf") == Document("text", "resume.pdf", size=10)


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "resume.txt"
    path.write_bytes("Zoë Ünal\nEngineer".encode())
    assert read_document(path).text == "Zoë Ünal\nEngineer"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_bytes_in_the_usual_encodings(encoding: str) -> None:
    assert read_document("Résumé – Zoë".encode(encoding)).text == "Résumé – Zoë"


@pytest.mark.parametrize(
    "markup",
    [
        '<span style="color:white">{}</span>',
        '<p style="font-size: 1px">{}</p>',
        "<div style='display:none'>{}</div>",
        '<font color="#ffffff">{}</font>',
        "<p hidden>{}</p>",
        "<!-- {} -->",
    ],
)
def test_text_hidden_by_markup_is_set_apart(markup: str) -> None:
    document = read_document("Engineer\n" + markup.format("kubernetes terraform"))
    assert "kubernetes" not in document.text
    assert document.hidden.split() == ["kubernetes", "terraform"]


@pytest.mark.parametrize(
    "text", ["a < b and c > d", '<span style="color:navy">kubernetes</span>', "List<String> values"]
)
def test_other_angle_brackets_hide_nothing(text: str) -> None:
    document = read_document(text)
    assert document.hidden == ""
    assert document.text == text


@pytest.mark.parametrize("compressed", [False, True])
def test_pdf_text_comes_line_by_line(compressed: bool) -> None:
    document = read_document(pdf(page(["Maria Keller", "Engineer at Acme", "Cut costs by 30%"]), compressed=compressed))
    assert [line.strip() for line in document.text.splitlines()] == [
        "Maria Keller",
        "Engineer at Acme",
        "Cut costs by 30%",
    ]
    assert (document.kind, document.pages, document.hidden, document.obstacles) == ("pdf", 1, "", ())


def test_pdf_pages_are_counted() -> None:
    assert read_document(pdf(*[page(["A line of text"])] * 3)).pages == 3


@pytest.mark.parametrize("hiding", ["1 g", "1 1 1 rg", "0 0 0 0 k", "3 Tr", "0.97 0.97 0.97 rg"])
def test_pdf_text_that_nobody_can_see(hiding: str) -> None:
    document = read_document(pdf(shown("Engineer") + "\n" + shown("kubernetes terraform", y=600, before=hiding)))
    assert document.hidden.split() == ["kubernetes", "terraform"]
    assert "kubernetes" not in document.text
    assert "Engineer" in document.text


def test_tiny_pdf_text_is_hidden() -> None:
    document = read_document(pdf(shown("Engineer") + "\n" + shown("kubernetes", y=600, size=1)))
    assert document.hidden.strip() == "kubernetes"


def test_white_pdf_text_on_a_dark_box_can_be_read() -> None:
    box = "0.1 0.2 0.4 rg 0 650 612 142 re f\n"
    document = read_document(pdf(box + shown("Maria Keller", before="1 1 1 rg")))
    assert (document.text.strip(), document.hidden) == ("Maria Keller", "")


def test_coloured_pdf_text_is_visible() -> None:
    assert read_document(pdf(shown("Maria", before="0.2 0.3 0.8 rg"))).hidden == ""


def test_pdf_columns_are_found_and_dates_at_the_right_are_none() -> None:
    two = "\n".join(
        shown(text, x=x, y=700 - 14 * at)
        for at in range(12)
        for x, text in ((50, "Built the order service"), (350, "Python and SQL"))
    )
    dated = "\n".join(
        [
            *(shown("Led a team of six people", y=700 - 14 * at) for at in range(12)),
            shown("Jan 2020 - Mar 2021", x=420, y=700),
        ]
    )
    assert read_document(pdf(two)).obstacles == ("columns",)
    assert read_document(pdf(dated)).obstacles == ()


LONG = "Moved the nightly reports of three departments to a new warehouse and cut the"  # as wide as the page


def lines_of(data: bytes) -> list[str]:
    return read_document(data).text.splitlines()


def test_a_line_that_the_page_broke_is_one_again() -> None:
    broken = [LONG, "time that they take from five hours to twenty minutes", "Engineer at Acme"]
    assert lines_of(pdf(page(broken))) == [f"{LONG} time that they take from five hours to twenty minutes", broken[2]]


def test_a_line_with_room_for_the_next_word_has_ended() -> None:
    short = ["Cooked for two hundred guests a day", LONG, "Baked bread for the village"]
    assert lines_of(pdf(page(short)))[:2] == [short[0], f"{LONG} {short[2]}"]
    assert lines_of(pdf(page([LONG[:45], "Baked bread", LONG]))) == [LONG[:45], "Baked bread", LONG]


@pytest.mark.parametrize("next_line", ["- Baked bread for the village", "EXPERIENCE", "2. Baked bread"])
def test_a_bullet_or_heading_never_runs_on(next_line: str) -> None:
    assert lines_of(pdf(page([LONG, next_line]))) == [LONG, next_line]


def test_a_line_elsewhere_or_in_other_print_never_runs_on() -> None:
    apart = shown(LONG, y=700) + "\n" + shown("Baked bread", y=650)
    indented = shown(LONG, y=700) + "\n" + shown("Baked bread", x=120, y=686)
    larger = shown(LONG, y=700) + "\n" + shown("Baked bread", y=686, size=14)
    for content in (apart, indented, larger):
        assert lines_of(pdf(content)) == [LONG, "Baked bread"]


def test_a_hanging_line_belongs_to_its_bullet() -> None:
    content = "\n".join(
        [
            shown("Cooked for two hundred guests on each of the long days of that summer, and on", x=72, y=728),
            shown("-", x=72, y=700),
            shown(LONG[:69], x=84, y=700),
            shown("Time that they take", x=84, y=686),
            shown("Head Cook at the Harbour Inn", x=72, y=672),
        ]
    )
    assert lines_of(pdf(content))[1:] == [f"- {LONG[:69]} Time that they take", "Head Cook at the Harbour Inn"]


def test_a_word_broken_at_its_hyphen_is_one_word_again() -> None:
    line = LONG[: -len("the")] + "user-"
    assert lines_of(pdf(page([line, "friendly menu"]))) == [f"{line}friendly menu"]


def test_a_statement_goes_on_over_the_page() -> None:
    assert lines_of(pdf(page([LONG]), page(["time that they take"]))) == [f"{LONG} time that they take"]


def test_docx_paragraphs_lists_and_tables_in_order() -> None:
    document = docx.Document()
    document.add_paragraph("Maria Keller")
    document.add_paragraph("Led a team", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Python", "SQL"
    document.add_paragraph("Education")
    read = read_document(docx_bytes(document))
    assert read.text.splitlines() == ["Maria Keller", "- Led a team", "Python", "SQL", "Education"]
    assert (read.kind, read.obstacles) == ("docx", ("tables",))


def test_docx_hidden_runs() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Engineer ")
    white = paragraph.add_run("kubernetes ")
    white.font.color.rgb = RGBColor(255, 255, 255)
    tiny = paragraph.add_run("terraform ")
    tiny.font.size = Pt(1)
    vanished = paragraph.add_run("ansible")
    vanished.font.hidden = True
    blue = paragraph.add_run("and reader")
    blue.font.color.rgb = RGBColor(0, 0, 200)
    read = read_document(docx_bytes(document))
    assert read.hidden.split() == ["kubernetes", "terraform", "ansible"]
    assert read.text == "Engineer and reader"


def test_docx_header_text_is_an_obstacle() -> None:
    document = docx.Document()
    document.add_paragraph("Engineer")
    document.sections[0].header.paragraphs[0].text = "maria@example.org"
    read = read_document(docx_bytes(document))
    assert read.obstacles == ("text in the header or footer",)
    assert "maria" not in read.text


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4\ngarbage",
        b"PK\x03\x04garbage",
        b"\xd0\xcf\x11\xe0 old Word",
        b"{\\rtf1 text}",
        b"binary\x00data",
    ],
)
def test_what_cannot_be_read_says_why(data: bytes) -> None:
    with pytest.raises(UnreadableDocumentError, match=r"PDF|DOCX"):
        read_document(data)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04"]))
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    with contextlib.suppress(UnreadableDocumentError):
        assert read_document(start + data).kind in ("text", "pdf", "docx")
