"""Our PDF as pdftotext reads it, the program behind many an ATS; other readers are asked in tests/unit."""

import subprocess

from tailoring.rendering import render
from tests.unit.test_rendering import ADA, FULL, NOBODY
from tests.unit.test_rendering_files import LONG_BULLET, with_bullets, words


def by_pdftotext(data: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def test_sections_and_lines_come_back() -> None:
    lines = [line.replace("•", "-") for line in by_pdftotext(render(FULL, ADA, "pdf")).splitlines()]
    assert [line for line in lines if line.strip("\f")] == [
        line for line in render(FULL, ADA, "txt").decode().splitlines() if line
    ]


def test_no_hyphen_is_lost_where_a_line_ends() -> None:
    """pdftotext takes a hyphen at the end of a line for that of a word cut in two, and drops it."""
    bullets = [f"{LONG_BULLET[:at]} a well-known, user-friendly, state-of-the-art kitchen" for at in range(60, 110, 5)]
    bullets += [f"{LONG_BULLET[:at]} quality first - always - in a kitchen" for at in range(60, 110, 5)]
    resume = with_bullets(*bullets)
    assert words(by_pdftotext(render(resume, NOBODY, "pdf"))).replace("\f", "") == words(
        render(resume, NOBODY, "txt").decode()
    )


def test_other_scripts_come_back() -> None:
    read = by_pdftotext(render(with_bullets("Taught שלום to children", "Привет, κόσμε"), NOBODY, "pdf"))
    assert "שלום" in read
    assert "Привет, κόσμε" in read
