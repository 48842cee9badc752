"""The fit of one resume to one posting: what counts, what does not, and what the report says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.matching import FitReport, job_fit
from tests.growth import assert_linear

POSTING = """Senior Java Developer

Halden Freight moves 300 trucks a day.

Responsibilities
- Build and run the services that plan our deliveries
- Review code and mentor two developers

Requirements
- 5+ years of experience with Java and Spring Boot
- SQL, PostgreSQL and Docker
- Bachelor's degree in computer science

Nice to have
- Kubernetes
- Kafka
"""

RESUME = """Mara Lindqvist
mara@example.org | +46 70 000 00 00

Summary
Java developer who likes quiet systems.

Experience
Senior Java Developer, Nordfrakt AB, January 2017 - March 2024
- Built services in Java and Spring Boot that plan deliveries for 40 depots
- Moved a PostgreSQL database to Docker and tuned its SQL
- Mentored three developers and reviewed their code
Java Developer, Kisel Data, June 2013 - December 2016
- Wrote Java programs that read invoices

Education
Bachelor of Science in Computer Science, Lund University, 2009 - 2013

Skills
Java, Spring Boot, SQL, PostgreSQL, Docker, Git
"""

NURSE = """Ana Prado
ana@example.org

Experience
Registered Nurse, Santa Clara Hospital, May 2015 - June 2023
- Cared for 12 patients a shift on a surgical ward
- Taught wound care to students

Education
Bachelor of Science in Nursing, 2011 - 2015
"""


def points(report: FitReport, name: str) -> float:
    return next(part.points for part in report.parts if part.name == name)


def test_a_good_fit_scores_high_and_a_stranger_low() -> None:
    assert job_fit(RESUME, POSTING).score > 80
    assert job_fit(NURSE, POSTING).score < 30


def test_the_report_tells_required_from_preferred_and_where_it_was_found() -> None:
    report = job_fit(RESUME, POSTING)
    assert set(report.matched) >= {"Java", "Spring Boot", "SQL", "PostgreSQL", "Docker"}
    assert report.missing_required == ()
    assert set(report.missing_preferred) == {"Kubernetes", "Kafka"}
    assert (report.years_asked, report.degree_asked, report.degree_held) == (5, "bachelor", "bachelor")
    assert report.years_shown is not None
    assert 10 <= report.years_shown <= 11
    lines = {each.shows: each.line for each in report.evidence}
    assert lines["Spring Boot"] == "- Built services in Java and Spring Boot that plan deliveries for 40 depots"
    assert lines["degree"].startswith("Bachelor of Science")
    assert lines["title"].startswith("Senior Java Developer")


def test_the_parts_add_up_to_the_score_and_their_maxima_to_100() -> None:
    report = job_fit(RESUME, POSTING)
    assert sum(part.points for part in report.parts) == pytest.approx(report.score, abs=0.1)
    assert sum(part.of for part in report.parts) == pytest.approx(100, abs=0.1)
    assert all(0 <= part.points <= part.of for part in report.parts)
    assert [part.name for part in report.parts] == ["skills", "title", "work", "years", "degree"]


def test_what_the_posting_does_not_ask_for_is_not_scored() -> None:
    report = job_fit(RESUME, "Java Developer\nWe build planning software in Java.")
    assert {part.name for part in report.parts} == {"skills", "title", "work"}
    assert (report.years_asked, report.degree_asked) == (None, None)


def without(text: str, *lines: str) -> str:
    return "\n".join(line for line in text.splitlines() if not any(each in line for each in lines))


def test_taking_away_what_was_asked_lowers_its_part() -> None:
    whole = job_fit(RESUME, POSTING)
    no_docker = job_fit(RESUME.replace("Docker", "a new host"), POSTING)
    assert no_docker.missing_required == ("Docker",)
    assert points(no_docker, "skills") < points(whole, "skills")
    assert points(job_fit(without(RESUME, "Bachelor"), POSTING), "degree") == 0
    junior = RESUME.replace("January 2017 - March 2024", "January 2023 - March 2024").replace("June 2013", "June 2016")
    assert points(job_fit(junior, POSTING), "years") < points(whole, "years")
    cook = RESUME.replace("Senior Java Developer", "Head Chef").replace("Java Developer", "Line Cook")
    cook = cook.replace("Java developer", "Cook")
    assert points(job_fit(cook, POSTING), "title") < points(whole, "title") / 3


def test_a_listed_skill_counts_less_than_one_in_use() -> None:
    listed = NURSE + "\nSkills\nJava, Spring Boot, SQL, PostgreSQL, Docker\n"
    assert 0 < points(job_fit(listed, POSTING), "skills") <= 0.5 * points(job_fit(RESUME, POSTING), "skills") + 0.1


def test_a_required_skill_counts_more_than_a_preferred_one() -> None:
    required = job_fit(NURSE + "\nSkills\nDocker\n", POSTING)
    preferred = job_fit(NURSE + "\nSkills\nKafka\n", POSTING)
    assert points(required, "skills") > points(preferred, "skills") > 0


@pytest.mark.parametrize("heading", ["", "Experience\n", "Skills\n", "Summary\n"])
def test_the_postings_own_text_adds_nothing(heading: str) -> None:
    body = POSTING.partition("\n")[2]
    honest, dumped = job_fit(NURSE, POSTING), job_fit(f"{NURSE}\n{heading}{body}", POSTING)
    assert dumped.copied_lines
    assert dumped.score <= honest.score + 1  # its headings may move a line of the resume to another section


def test_the_posting_alone_is_no_resume() -> None:
    assert job_fit(POSTING, POSTING).score < 15


def test_equivalent_experience_may_stand_in_for_a_degree() -> None:
    resume = without(RESUME, "Bachelor")
    asked = "Bachelor's degree in computer science"
    strict, lenient = POSTING, POSTING.replace(asked, f"{asked} or equivalent experience")
    assert points(job_fit(resume, lenient), "degree") > points(job_fit(resume, strict), "degree")


@pytest.mark.parametrize(
    ("plain", "swapped"),
    [
        ("Mara Lindqvist", "Mohammed Al-Rashid"),
        ("Mara Lindqvist", "Lakisha Washington"),
        ("Lund University", "Harvard University"),
        ("Lund University", "Smallville Community University"),
        ("developer who likes", "developer; she likes"),
        ("developer who likes", "developer; he likes"),
        ("- Mentored", "- As her own idea, mentored"),
    ],
)
def test_names_pronouns_and_schools_change_nothing(plain: str, swapped: str) -> None:
    assert plain in RESUME
    assert job_fit(RESUME.replace(plain, swapped), POSTING).score == job_fit(RESUME, POSTING).score


@pytest.mark.parametrize(
    "top",
    [
        "Jordan Masters\njordan@example.org | +46 70 000 00 00",
        "Mara Lindqvist\nspring.boot@example.org | github.com/deliveries-in-kafka",
        "Mara Lindqvist, 12 Kubernetes Street, Lund\nmara@example.org",
    ],
)
def test_the_contact_data_counts_nowhere(top: str) -> None:
    start, end = RESUME.index("Mara"), RESUME.index("\n\nSummary")
    assert job_fit(RESUME[:start] + top + RESUME[end:], POSTING).parts == job_fit(RESUME, POSTING).parts


def test_the_same_words_count_below_the_contact_data() -> None:
    more = RESUME.replace("Java developer who", "Java developer with Kafka who")
    assert "Kafka" in job_fit(more, POSTING).matched
    assert points(job_fit(more, POSTING), "skills") > points(job_fit(RESUME, POSTING), "skills")


def test_a_name_is_no_title_and_a_headline_is_one() -> None:
    baker = "Baker\nWe need a baker for our bread.\nRequirements\n- Bakes bread at night"
    named = NURSE.replace("Ana Prado\nana@", "Gregory Baker\ngregory.baker@")
    assert points(job_fit(named, baker), "title") == points(job_fit(NURSE, baker), "title") == 0
    called = NURSE.replace("Ana Prado\n", "Ana Prado\nBaker\n")
    assert points(job_fit(called, baker), "title") > 0


def test_a_name_is_no_degree_and_no_skill() -> None:
    bare = without(RESUME, "Bachelor", "Education")
    for name in ("Jordan Masters", "Ruby Chen"):
        named = bare.replace("Mara Lindqvist\nmara@", f"{name}\n{name.lower().replace(' ', '.')}@")
        assert job_fit(named, POSTING + "- Ruby\n").parts == job_fit(bare, POSTING + "- Ruby\n").parts
        assert job_fit(named, POSTING).degree_held is None
    assert job_fit(bare + "\nMaster of Science in Physics\n", POSTING).degree_held == "master"
    assert "Ruby" in job_fit(bare.replace("Docker, Git", "Docker, Ruby"), POSTING + "- Ruby\n").matched


def test_a_headline_beside_the_name_counts_without_the_name() -> None:
    plain, swapped = (
        RESUME.replace("Mara Lindqvist\n", f"{name} | Java Developer\n")
        for name in ("Mara Lindqvist", "Aylin Delivery-Plans")
    )
    assert job_fit(plain, POSTING).parts == job_fit(swapped, POSTING).parts
    without_roles = NURSE.replace("Ana Prado\n", "Ana Prado | Java Developer\n")
    assert "Java" in job_fit(without_roles, POSTING).matched
    assert points(job_fit(without_roles, POSTING), "title") > 0


@pytest.mark.parametrize(
    "school", ["MIT", "WIT", "Harvard University", "Spring Boot University", "Kubernetes Institute"]
)
def test_a_school_is_neither_skill_nor_degree_nor_work(school: str) -> None:
    assert job_fit(RESUME.replace("Lund University", school), POSTING).parts == job_fit(RESUME, POSTING).parts


def test_a_skill_learned_for_a_degree_counts() -> None:
    learned = RESUME.replace("2009 - 2013\n", "2009 - 2013\nCoursework in Kafka and Kubernetes\n")
    assert set(job_fit(learned, POSTING).matched) >= {"Kafka", "Kubernetes"}


def test_an_employer_shows_nothing_by_its_name() -> None:
    """It may be a school; and who works for Docker need not know Docker."""
    for employer in ("Harvard University", "Kubernetes Logistics", "Delivery Services"):
        assert job_fit(RESUME.replace("Nordfrakt AB", employer), POSTING).parts == job_fit(RESUME, POSTING).parts
    used = RESUME.replace("that read invoices", "that read invoices from Kafka")
    assert "Kafka" in job_fit(used, POSTING).matched


SPEAKS = RESUME + "\nLanguages\nSwedish (native), Tigrinya (fluent), Spanish (basic)\n"


def test_the_languages_that_somebody_speaks_count_nowhere_unless_they_are_asked() -> None:
    assert job_fit(SPEAKS, POSTING).parts == job_fit(RESUME, POSTING).parts
    others = SPEAKS.replace("Swedish", "English").replace("Tigrinya", "French")
    assert job_fit(others, POSTING).parts == job_fit(RESUME, POSTING).parts


def test_a_language_that_is_asked_counts_and_the_others_do_not() -> None:
    asking = POSTING + "- Fluent Spanish to talk to our drivers\n"
    only, several = (NURSE + f"\nLanguages\n{spoken}\n" for spoken in ("Spanish (basic)", "Igbo, Swedish, Spanish"))
    assert job_fit(only, asking).score > job_fit(NURSE, asking).score
    assert job_fit(several, asking).parts == job_fit(only, asking).parts
    assert job_fit(only.replace("Spanish", "Español"), asking).parts == job_fit(only, asking).parts


def test_the_same_texts_give_the_same_report() -> None:
    assert job_fit(RESUME, POSTING) == job_fit(RESUME, POSTING)


@pytest.mark.parametrize(("resume", "posting"), [("", ""), ("", POSTING), (RESUME, ""), ("?", "!"), ("\x00\n", "\n\t")])
def test_empty_texts_are_judged_without_complaint(resume: str, posting: str) -> None:
    assert 0 <= job_fit(resume, posting).score <= 100


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.lists(st.sampled_from((RESUME + POSTING + NURSE).splitlines()), max_size=25))
def test_any_text_gets_a_score(noise: str, lines: list[str]) -> None:
    report = job_fit("\n".join([*lines, noise]), POSTING)
    assert 0 <= report.score <= 100
    assert not set(report.matched) & {*report.missing_required, *report.missing_preferred}


def test_an_added_line_of_real_work_never_lowers_the_skills() -> None:
    richer = RESUME.replace("Education", "- Ran Kafka and Kubernetes for the depots\n\nEducation")
    assert points(job_fit(richer, POSTING), "skills") > points(job_fit(RESUME, POSTING), "skills")


@pytest.mark.parametrize("piece", ["Java, ", "5 years of experience ", "developer\n", "aB", "- did a thing\n"])
def test_time_grows_with_length_only(piece: str) -> None:
    assert_linear(lambda text: job_fit(text, text), piece, 25_000)
