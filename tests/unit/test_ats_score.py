"""The ATS score: each check tells good from bad, and each known change moves the total the right way."""

import io
import random
import re
import time
from collections.abc import Callable

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.ats_score import AtsReport, score

GOOD = """Maria Keller
Springfield, IL | maria.keller@example.org | (217) 555-0142 | linkedin.com/in/mariakeller

Summary
Backend engineer with eight years of experience in payment systems. Builds reliable services in Python and Go,
and likes to leave code, tests and documents in a better state than before.

Skills
Python, Go, PostgreSQL, Redis, Docker, Kubernetes, Terraform, AWS, Kafka, Git

Experience
Senior Backend Engineer | Acme Payments | Chicago, IL | Mar 2020 - Present
- Led a group of 6 engineers that moved 40 services from virtual machines to Kubernetes within a year
- Cut the median response time of the checkout from 420 ms to 95 ms by caching prices and batching queries
- Designed an event pipeline on Kafka that handles 3 million payments a day and survives the loss of a data center
- Reduced the cost of hosting by 28% by sizing databases to their real load
- Introduced contract tests between 12 teams, which halved the share of failed releases
- Interviewed 60 candidates and rewrote the exercise that is used to select them

Backend Engineer | Northwind Shop | Madison, WI | Jun 2016 - Feb 2020
- Built the order service in Go, which serves 250,000 customers in 4 countries
- Automated the monthly billing run and saved the finance department 30 hours a month
- Migrated 2 TB of order data to PostgreSQL without an interruption of sales
- Mentored 3 junior engineers through their first year of work
- Wrote the handbook for people on call that every product team uses today

Education
BSc Computer Science | University of Wisconsin | Sep 2012 - May 2016

Certifications
- AWS Certified Solutions Architect, 2021

Projects
- Maintain an open source library for parsing bank statements, with 900 stars and 40 contributors
- Teach a free evening class in programming to 15 adults each winter at the public library
"""

POSTING = """We are looking for a Data Platform Engineer to join our team. You will design pipelines with Spark.
Requirements: Scala, Hadoop, Hive, dbt, Looker, Tableau, Azure, Databricks, Jenkins, Ansible.
Preferred qualifications: a degree.
We are an equal opportunity employer. All qualified applicants will receive consideration.
Benefits: paid time off, health insurance."""

KEYWORDS = (
    "Scala, Spark, Airflow, Snowflake, Hadoop, Hive, dbt, Looker, Tableau, Azure, Databricks, Jenkins, Ansible, "
    "Bamboo, Chef, Puppet, Splunk, Oracle, Sybase, Informatica, Talend, Mulesoft, Pentaho, Qlik, Cassandra, Neo4j, "
    "Elasticsearch, Kibana, Grafana, Prometheus"
)

Edit = Callable[[str], str]


def replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text, f"nothing to change: {old}"
        return text.replace(old, new)

    return edit


def substituted(pattern: str, new: str, flags: re.RegexFlag = re.MULTILINE) -> Edit:
    def edit(text: str) -> str:
        changed, count = re.subn(pattern, new, text, flags=flags)
        assert count, f"nothing to change: {pattern}"
        return changed

    return edit


def without(heading: str) -> Edit:
    return substituted(rf"^{heading}\n.*?\n\n(?=[A-Z][a-z]+\n)", "", re.MULTILINE | re.DOTALL)


def added(text: str) -> Edit:
    return lambda resume: f"{resume}\n{text}\n"


def shuffled(resume: str) -> str:
    chance = random.Random(7)
    blocks = re.split(r"\n(?=(?:Summary|Skills|Experience|Education|Certifications|Projects)\n)", resume)
    out = []
    for block in blocks:
        head, *lines = [line for line in block.split("\n") if line]
        chance.shuffle(lines)
        out.append("\n".join([head, *lines]))
    return "\n\n".join(out)


def oldest_first(resume: str) -> str:
    newer, older = re.findall(r"^(?:Senior )?Backend Engineer \|.*\n(?:- .*\n)+", resume, flags=re.MULTILINE)
    return resume.replace(newer, "\0").replace(older, newer).replace("\0", older)


def one_paragraph(resume: str) -> str:
    return re.sub(
        r"(?:^- .*\n)+",
        lambda match: match.group().replace("- ", "").replace("\n", ". ") + "\n",
        resume,
        flags=re.MULTILINE,
    )


def in_table(resume: str) -> str:
    return re.sub(r"^- (\S+ \S+) (\S+ \S+) (.*)$", r"\1\t\2\t\3", resume, flags=re.MULTILINE)


def opened(prefix: str) -> Edit:
    return lambda resume: re.sub(r"^- (\w)", lambda match: f"- {prefix} {match[1].lower()}", resume, flags=re.MULTILINE)


def glued(resume: str) -> str:
    return (
        resume.replace("response time", "responsetime")
        .replace("cost of hosting", "costof hosting")
        .replace("order data", "orderdata")
    )


def misspelt(resume: str) -> str:
    for right, wrong in (
        ("customers", "custmoers"),
        ("interruption", "interuption"),
        ("department", "departmant"),
        ("hosting", "hostnig"),
    ):
        assert right in resume
        resume = resume.replace(right, wrong)
    return resume


# The check that must notice, and the change. In each, the total must fall too.
BAD = {
    "letter-spaced": ("extractable text", lambda text: "\n".join(" ".join(line) for line in text.split("\n"))),
    "lines shuffled": ("reading order", shuffled),
    "no skills": ("sections", without("Skills")),
    "no education": ("sections", without("Education")),
    "no experience": ("sections", without("Experience")),
    "no summary": ("sections", without("Summary")),
    "odd headings": ("sections", replaced("\nExperience\n", "\nThe journey so far\n")),
    "no e-mail": ("contact", replaced("maria.keller@example.org | ", "")),
    "no phone": ("contact", replaced("(217) 555-0142 | ", "")),
    "no place": ("contact", replaced("Springfield, IL | ", "")),
    "no link": ("contact", replaced(" | linkedin.com/in/mariakeller", "")),
    "no dates": ("dates present", substituted(r" \| (?:Mar|Jun|Sep) \d{4} - .*$", "")),
    "one job undated": ("dates present", replaced(" | Jun 2016 - Feb 2020", "")),
    "mixed date formats": ("date format", replaced("Jun 2016 - Feb 2020", "06/2016 - 2020-02")),
    "oldest job first": ("date order", oldest_first),
    "ends before it starts": ("date order", replaced("Jun 2016 - Feb 2020", "Feb 2020 - Jun 2016")),
    "no numbers": ("quantified impact", substituted(r"(?<= )\d[\d,]*%?", "many")),
    "responsible for": ("action verbs", opened("Was responsible for")),
    "helped": ("action verbs", opened("Helped to")),
    "passive": ("action verbs", substituted(r"^- (?:Led|Cut|Built|Designed) ", "- Work was done on ")),
    "one paragraph": ("bullets", one_paragraph),
    "bullets far too long": ("bullets", substituted(r"$\n- (?=[ACDMRW])", ", and ")),
    "a line five times": ("repetition", added("- Cut the cost of hosting by 12% in one quarter\n" * 5)),
    "the same verb": ("repetition", substituted(r"^- [A-Z][a-z]+ ", "- Managed ")),
    "doubled": ("repetition", lambda text: text + text),
    "first lines only": ("length", lambda text: text[:900]),
    "six pages": (
        "length",
        lambda text: text + "".join(f"- Sold {n} boats to {n} towns in the year {n}\n" for n in range(400)),
    ),
    "typos": ("spelling", misspelt),
    "glued words": ("glued words", glued),
    "glued sentences": ("glued words", substituted(r"(?<=[a-z])\n- (?=[A-Z])", ".")),
    "ligatures": ("odd characters", replaced("fi", "ﬁ")),
    "broken encoding": ("odd characters", replaced(" and ", " â€“ ")),
    "replacement signs": ("odd characters", replaced("engineers", "engineer\ufffd")),
    "buzzwords": (
        "buzzwords",
        replaced("Builds reliable", "A results-driven team player and go-getter. Builds reliable"),
    ),
    "I": ("pronouns", opened("I")),
    "we": ("pronouns", replaced("- Reduced the cost", "- With our team we reduced the cost")),
    "all capitals": ("capitals", str.upper),
    "table": ("layout", in_table),
    "one word 30 times": ("keyword stuffing", added("kubernetes " * 30)),
    "keywords with commas": ("keyword stuffing", added(KEYWORDS)),
    "keywords with a label": ("keyword stuffing", added("Keywords: " + KEYWORDS)),
    "keywords with spaces": ("keyword stuffing", added(KEYWORDS.replace(",", ""))),
    "keywords on lines": ("keyword stuffing", added(KEYWORDS.replace(", ", "\n"))),
    "keywords in white": ("keyword stuffing", added(f'<span style="color:white">{KEYWORDS}</span>')),
    "keywords in a comment": ("keyword stuffing", added(f"<!-- {KEYWORDS} -->")),
    "keywords among the skills": ("keyword stuffing", replaced("Kafka, Git", "Kafka, Git, " + KEYWORDS)),
    "the posting": ("keyword stuffing", added(POSTING)),
}

HARMLESS = {
    "bullet sign": substituted(r"^- ", "• "),
    "another bullet sign": substituted(r"^- ", "* "),
    "usual headings": replaced("\nExperience\n", "\nProfessional Experience\n"),
    "other usual headings": replaced("\nSkills\n", "\nTechnical Skills\n"),
    "headings in capitals": substituted(
        r"^(Summary|Skills|Experience|Education|Projects)$", lambda match: match[1].upper()
    ),  # type: ignore[arg-type]
    "trailing blanks": replaced("\n", "   \n"),
    "Windows line ends": replaced("\n", "\r\n"),
    "blank lines": replaced("\n\n", "\n\n\n\n"),
    "another name": replaced("Maria Keller", "Lakisha Okonkwo-Nguyen"),
    "another person's address": replaced("maria.keller@example.org", "wei.zhang@example.net"),
    "another school": replaced("University of Wisconsin", "Howard University"),
    "another employer": replaced("Acme Payments", "Zorblatt Oyelaran"),
    "long dashes": replaced(" - ", " – "),
}


def points(report: AtsReport, check: str) -> float:
    return report.check(check).points


def test_a_good_resume_scores_high_and_loses_nothing_for_cleanliness() -> None:
    report = score(GOOD)
    assert report.total > 95
    lost = {check.name for check in report.checks if check.points < 0.95 * check.of}
    assert lost <= {"length"}


@pytest.mark.parametrize("change", BAD)
def test_a_fault_is_noticed_by_its_check_and_lowers_the_total(change: str) -> None:
    check, edit = BAD[change]
    before, after = score(GOOD), score(edit(GOOD))
    assert points(after, check) < points(before, check)
    assert after.total < before.total - 0.4
    assert after.check(check).advice


@pytest.mark.parametrize("change", HARMLESS)
def test_what_does_not_matter_changes_nothing(change: str) -> None:
    assert abs(score(HARMLESS[change](GOOD)).total - score(GOOD).total) < 0.1


@pytest.mark.parametrize("fault", ["no skills", "responsible for", "all capitals", "typos", "keywords with commas"])
def test_a_real_achievement_more_never_costs(fault: str) -> None:
    bullet = "- Shortened the close of the books from 9 days to 4 for 20 subsidiaries\n"
    for resume in (GOOD, BAD[fault][1](GOOD)):
        place = re.search(r"^- .*\n", resume, flags=re.MULTILINE | re.IGNORECASE)
        assert place is not None
        assert score(resume[: place.end()] + bullet + resume[place.end() :]).total >= score(resume).total


def test_faults_add_up() -> None:
    one = misspelt(GOOD)
    two = BAD["buzzwords"][1](one)
    three = BAD["no phone"][1](two)
    totals = [score(text).total for text in (GOOD, one, two, three)]
    assert totals == sorted(totals, reverse=True)
    assert len(set(totals)) == 4


def test_the_total_is_the_sum_of_the_points() -> None:
    for resume in (GOOD, misspelt(GOOD), "", "x"):
        report = score(resume)
        assert report.total == pytest.approx(sum(check.points for check in report.checks))
        assert all(0 <= check.points <= check.of for check in report.checks)
        assert sum(check.of for check in report.checks) == 100
        assert all(check.advice == "" for check in report.checks if check.points == check.of)


def test_nothing_written_earns_nothing() -> None:
    assert score("").total == 0
    assert score(" \n\t\n").total == 0


@pytest.mark.parametrize("spoken", ["Tulu, Xhosa, Igbo", "français, Deutsch, magyar"])
def test_which_languages_somebody_speaks_changes_nothing(spoken: str) -> None:
    section = "\nLanguages\n{}\n"
    assert score(GOOD + section.format(spoken)) == score(GOOD + section.format("English, French, Spanish"))


def test_a_list_of_languages_is_neither_a_fault_nor_a_deed() -> None:
    spoken = ", ".join(
        f"{name} (fluent, read and written)" for name in ("English", "Hindi", "Tamil", "Telugu", "Kannada", "Urdu")
    )
    report, before = score(f"{GOOD}\nLanguages\n- {spoken}\n"), score(GOOD)
    assert report.total >= before.total - 0.5
    for check in ("keyword stuffing", "action verbs", "quantified impact", "spelling"):
        assert points(report, check) == points(before, check)


def test_findings_name_what_was_found() -> None:
    assert "custmoers (customers?)" in score(misspelt(GOOD)).check("spelling").found
    assert "responsetime" in score(glued(GOOD)).check("glued words").found
    assert "phone" in score(BAD["no phone"][1](GOOD)).check("contact").found
    assert "skills" in score(BAD["no skills"][1](GOOD)).check("sections").found
    with pytest.raises(KeyError):
        score(GOOD).check("no such check")


@pytest.mark.parametrize(
    "text",
    [
        "- Deployed Kubernetes, PostgreSQL and GitHub workflows with dbt for Schneider and Oyelaran",
        "- Organised the programme at the centre and optimised colour printing",
        "- Refactored microservices, onboarded stakeholders and containerized the codebase",
        "- Wrote JavaScript, TypeScript and Node.js back ends for e-commerce at example.com/shop",
    ],
)
def test_names_terms_and_british_spelling_are_no_faults(text: str) -> None:
    report = score(GOOD + text)
    assert points(report, "spelling") == 6
    assert points(report, "glued words") == 4


@pytest.mark.parametrize(
    "text", ["Moved to the US office", "Tuned I/O of Type I hypervisors", "Handled IT and HR for ME region"]
)
def test_abbreviations_are_no_pronouns(text: str) -> None:
    assert points(score(f"{GOOD}- {text}"), "pronouns") == 3


@pytest.mark.parametrize(
    "bullet", ["Wrote Angular 2 components", "Ran Windows 10 and Java 8 machines", "Worked there since 2019"]
)
def test_versions_and_years_are_no_achievements(bullet: str) -> None:
    counting = score(GOOD).check("quantified impact").found.split()[0]
    assert score(f"{GOOD}- {bullet} for the company").check("quantified impact").found.split()[0] == counting


@pytest.mark.parametrize(
    "bullet", ["Cut waste by 4%", "Sold goods for $2M", "Led eight people", "Served 5,000+ users", "Made it 3x faster"]
)
def test_shares_money_and_counts_are_achievements(bullet: str) -> None:
    counting = int(score(GOOD).check("quantified impact").found.split()[0])
    found = score(f"{GOOD}- {bullet} at the old plant").check("quantified impact").found
    assert int(found.split()[0]) == counting + 1


def as_docx(text: str) -> docx.document.Document:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line.removeprefix("- "), style="List Bullet" if line.startswith("- ") else None)
    return document


def docx_score(document: docx.document.Document) -> AtsReport:
    out = io.BytesIO()
    document.save(out)
    return score(out.getvalue())


def test_a_docx_scores_as_its_text() -> None:
    assert abs(docx_score(as_docx(GOOD)).total - score(GOOD).total) < 0.5


def test_hidden_text_and_tables_cost_points_in_a_docx() -> None:
    plain = docx_score(as_docx(GOOD))
    stuffed, tabled = as_docx(GOOD), as_docx(GOOD)
    stuffed.add_paragraph().add_run(KEYWORDS).font.hidden = True
    tabled.add_table(rows=1, cols=2).cell(0, 0).text = "Python"
    assert points(docx_score(stuffed), "keyword stuffing") < points(plain, "keyword stuffing") - 3
    assert points(docx_score(tabled), "layout") < points(plain, "layout")
    assert docx_score(stuffed).total < plain.total - 3


def test_a_large_file_costs_points() -> None:
    padded = GOOD + " " * 2_100_000
    assert points(score(padded.encode()), "layout") < points(score(GOOD.encode()), "layout")


def test_the_same_resume_gets_the_same_report() -> None:
    assert score(GOOD) == score(GOOD)


ADVERSARIAL = {
    "one letter": "a" * 200_000,
    "capitals": "A" * 200_000,
    "spaces in a line": "a" + " " * 200_000 + "b",
    "bullets": "• " * 100_000,
    "dates": "Jan 2020 - " * 18_000,
    "digits": "1" * 200_000,
    "commas": "a," * 100_000,
    "unclosed comments": "<!--" * 50_000,
    "unclosed tags": "<span style=" * 16_000,
    "hidden words": "<p hidden hidden " * 12_000,
    "at signs": "a@a." * 50_000,
    "glued words": "responsetime" * 16_000,
    "dots and capitals": "aa.Aa" * 40_000,
}


@pytest.mark.parametrize("attack", ADVERSARIAL)
def test_hostile_texts_are_scored_quickly(attack: str) -> None:
    score(GOOD)  # word lists are loaded once
    start = time.process_time()
    score(ADVERSARIAL[attack])
    assert time.process_time() - start < 5


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600))
def test_any_text_gets_a_score(text: str) -> None:
    assert 0 <= score(text).total <= 100


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Po", "Zs"]), max_size=80))
def test_hidden_text_never_pays(hidden: str) -> None:
    clean = hidden.replace("<", "").replace(">", "")
    assert score(f"{GOOD}<!--{clean}-->").total <= score(GOOD).total
