"""What a job seeker hands in: found, cleaned, or refused with a reason, before anything is asked of a model."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from resume_assets.cli import app
from resume_assets.settings import CONFIG_VARIABLE, Settings
from resume_assets.tailor_inputs import InputError, read_posting, read_resume
from tests.unit.test_documents import page, pdf

RESUME = "Jane Doe\njane@example.com\nEXPERIENCE\nAnalyst | Acme | 2019 - 2021\n" + "- Wrote SQL reports\n" * 12
POSTING = (
    "We look for an analyst who knows SQL and Python, writes well, and likes to explain numbers to people. " * 2
).strip()


@pytest.fixture
def settings(project: Callable[..., Settings]) -> Settings:
    return project()


@pytest.fixture
def resume(tmp_path: Path) -> Path:
    file = tmp_path / "resume.txt"
    file.write_text(RESUME)
    return file


def test_a_resume_is_cleaned_as_the_pipeline_does(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "resume.txt"
    file.write_text("\ufeff" + RESUME.replace("- ", "\u2022\u00a0") + "<br>ofﬁce&nbsp;work")
    text = read_resume(file, settings)
    assert "office work" in text
    assert not set("\ufeff\u00a0ﬁ<") & set(text)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b" \n", "is empty"),
        ("short.txt", b"Jane Doe, analyst", "only 17 characters"),
        ("scan.pdf", pdf(page([])), "without text, most likely a scan"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", "neither text, PDF, DOCX nor JSON Resume"),
        ("data.json", b'{"a": 1}', "no JSON Resume"),
    ],
)
def test_a_resume_that_cannot_be_used_says_why(
    tmp_path: Path, settings: Settings, name: str, content: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_resume(file, settings)


def test_a_posting_is_a_file_the_standard_input_or_the_text_itself(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "posting.txt"
    file.write_text(POSTING)
    for named, stdin in ((str(file), ""), ("-", POSTING), (POSTING, "")):
        assert read_posting(named, stdin, settings).text == POSTING


@pytest.mark.parametrize(("named", "words"), [("-", "is empty"), ("posting.txt", "There is no file posting.txt")])
def test_a_posting_that_is_not_there_says_so(settings: Settings, named: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_posting(named, "", settings)


def test_a_cleaned_posting_is_found_by_its_job_id(settings: Settings) -> None:
    table = settings.data_folder / "processed/cleaned_job_postings.parquet"
    table.parent.mkdir(parents=True)
    pl.DataFrame(
        {"job_id": ["3901983"], "title": ["Analyst"], "company_name": [None], "description": [POSTING]},
        schema={"job_id": pl.String, "title": pl.String, "company_name": pl.String, "description": pl.String},
    ).write_parquet(table)
    assert read_posting("3901983", "", settings).text == f"Title: Analyst\n{POSTING}"
    with pytest.raises(InputError, match=r"Did you mean 3901983\?"):
        read_posting("3901938", "", settings)
    with pytest.raises(InputError, match=r"neither a file nor the job_id of a cleaned posting\.$"):
        read_posting("nothing like it", "", settings)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("resume.xls", "known are .pdf, .docx, .txt, .tex, .json"),
        ("resume", "known are"),
        ("nowhere/resume.pdf", "There is no folder"),
        ("there.pdf", "replace it with --force"),
    ],
)
def test_an_output_that_cannot_be_written_is_told_first(
    settings: Settings, resume: Path, monkeypatch: pytest.MonkeyPatch, output: str, words: str
) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(settings.config_file))
    monkeypatch.chdir(resume.parent)
    Path("there.pdf").write_text("mine")
    told = CliRunner().invoke(app, ["tailor", str(resume), POSTING, "-o", output])
    assert told.exit_code == 1
    assert words in " ".join(told.stderr.split())
    assert Path("there.pdf").read_text() == "mine"


def test_a_resume_that_is_not_there_is_a_mistake_of_usage(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(settings.config_file))
    told = CliRunner().invoke(app, ["tailor", "nobody.pdf", POSTING])
    assert told.exit_code == 2
    assert "does not exist" in " ".join(told.stderr.split())
