"""Answers that are not what was asked: each is recognised, named, and told back where that may help."""

import pickle

import pytest

from tailoring.answers import AnswerError, is_free_text, read_answer, write_resume
from tailoring.language import language_of
from tailoring.resume import Role, Statement, TailoredResume

GOOD = TailoredResume(
    headline="Developer",
    summary=[Statement(text="Python developer with six years in reporting for sales teams.", source_lines=[2])],
    skills=["Python"],
    experience=[
        Role(
            title="Developer",
            employer="Acme",
            location="",
            dates="2019 - 2021",
            bullets=[Statement(text="Built the reports that the sales team reads in the morning.", source_lines=[4])],
        )
    ],
    education=[],
    certifications=[],
    projects=[],
)
TEXT = GOOD.model_dump_json()
ENGLISH = "She built the reports of the company and led the team for two years with the help of an assistant. " * 3
GERMAN = "Sie hat die Berichte der Firma mit dem Team für den Vertrieb erstellt und das Lager von Köln geleitet. "


def with_bullets(*texts: str) -> str:
    bullets = [Statement(text=text, source_lines=[4]) for text in texts]
    (role,) = GOOD.experience
    return GOOD.model_copy(update={"experience": [role.model_copy(update={"bullets": bullets})]}).model_dump_json()


def test_what_was_asked_is_read() -> None:
    assert read_answer(TEXT, source=ENGLISH) == GOOD


@pytest.mark.parametrize("around", ["```json\n{}\n```", "Here is the resume:\n{}", "{}\nI hope that this helps!"])
def test_words_and_fences_around_the_object_do_no_harm(around: str) -> None:
    assert read_answer(around.replace("{}", TEXT)) == GOOD


@pytest.mark.parametrize(
    ("text", "finish_reason", "refusal", "reason", "repair"),
    [
        (TEXT, "stop", "I cannot help with that.", "refused by the model", ""),
        (TEXT[:90], "length", "", "cut off at the output limit", "half as much"),
        ("  ", "stop", "", "empty answer", ""),
        (TEXT[:90], "stop", "", "answer not JSON", "not JSON"),
        ('{"headline": "x"}', "stop", "", "answer breaks the schema", "summary"),
        (TEXT.replace("2019 - 2021", "here is your resume"), "stop", "", "shows its prompt", "shows its prompt"),
        (with_bullets(*["Built the reports that the sales team reads."] * 3), "stop", "", "says 3 times", "3 times"),
        (with_bullets("and again the same three words " * 60), "stop", "", "repeats itself", "repeats itself"),
    ],
)
def test_what_was_not_asked_has_a_reason_and_a_repair(
    text: str, finish_reason: str, refusal: str, reason: str, repair: str
) -> None:
    with pytest.raises(AnswerError) as caught:
        read_answer(text, finish_reason, refusal)
    assert str(caught.value) == reason
    assert repair in caught.value.repair
    assert bool(repair) == bool(caught.value.repair)
    assert not caught.value.hopeless


def test_a_content_filter_is_not_asked_again() -> None:
    with pytest.raises(AnswerError, match="content filter") as caught:
        read_answer(TEXT, "content_filter")
    assert caught.value.hopeless


def test_a_translation_is_noticed_and_a_resume_in_its_own_language_is_not() -> None:
    german = with_bullets(GERMAN, GERMAN.replace("Firma", "Bank"))
    with pytest.raises(AnswerError, match="another language") as caught:
        read_answer(german, source=ENGLISH)
    assert "en became de" in caught.value.detail
    assert read_answer(german, source=GERMAN * 3).experience


def test_the_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(AnswerError("a reason", repair="mend it", hopeless=True)))  # noqa: S301
    assert (str(error), error.repair, error.hopeless) == ("a reason", "mend it", True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN * 2, "de"),
        (
            "Elle a dirigé les équipes de la société et des projets pour les clients avec une bonne qualité du code.",
            "fr",
        ),
        (
            "Ella dirigió los equipos de la empresa y los proyectos para el cliente con una calidad en las obras.",
            "es",
        ),
        ("Разработчик программного обеспечения с опытом", "Cyrillic"),
        ("软件工程师 五年 经验", "Han"),
        ("Python, SQL, Linux, Docker, Kubernetes, Terraform, AWS, Java, Spring", None),
        ("", None),
    ],
)
def test_languages_are_told_apart_where_there_is_enough_text(text: str, language: str | None) -> None:
    assert language_of(text) == language


SOURCE = """Jane Doe
Summary
Python developer with six years in reporting.
Skills
Python, SQL, Airflow
Experience
Senior Developer, Acme Corporation, 2019 - 2024
- Built 14 reports in Python and SQL that the sales team reads every morning.
- Moved the nightly load from cron to Airflow and cut its time from 90 to 25 minutes.
Education
BSc Computer Science, State University, 2016
Languages
Welsh (fluent), French (basic)
"""
PLAIN = SOURCE.replace("Jane Doe\n", "").replace("Built 14 reports", "Built and maintained 14 reports")


def test_plain_text_is_read_and_cites_the_lines_that_it_comes_from() -> None:
    resume = read_answer(PLAIN, source=SOURCE)
    assert is_free_text(PLAIN)
    (role,) = resume.experience
    assert (role.title, role.employer) == ("Senior Developer", "Acme Corporation")
    assert [bullet.source_lines for bullet in role.bullets] == [[8], [9]]
    assert {"Python", "SQL", "Airflow"} <= set(resume.skills)
    assert [(entry.text, entry.source_lines) for entry in resume.languages] == [
        ("Welsh (fluent)", [13]),
        ("French (basic)", [13]),
    ]
    written = write_resume(resume, SOURCE, "We need Python and Airflow.")
    assert written.truth.truthful


def test_what_plain_text_makes_up_does_not_stay() -> None:
    lie = PLAIN.replace("Skills\nPython", "Skills\nKubernetes, Python").replace("to 25 minutes", "to 3 minutes")
    lie = lie.replace("French (basic)", "French (native), Dutch (fluent)")
    written = write_resume(read_answer(lie, source=SOURCE), SOURCE, "We need Kubernetes.")
    assert "Kubernetes" not in written.text
    assert "3 minutes" not in written.text
    assert "Welsh (fluent), French (basic)\n" in written.text


@pytest.mark.parametrize("text", ["I would rather not write this resume. " * 10, TEXT[: len(TEXT) // 2], "OK."])
def test_chatter_and_half_an_object_are_no_resume(text: str) -> None:
    with pytest.raises(AnswerError, match="not JSON"):
        read_answer(text, source=SOURCE)


def test_an_object_is_no_free_text() -> None:
    assert not is_free_text(TEXT)
    assert not is_free_text(f"```json\n{TEXT}\n```")
