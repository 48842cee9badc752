from typing import Any

import pytest

from tailoring.grounding import Finding, Grounded, ground, supported
from tailoring.parsing import parse_resume, source_lines
from tailoring.resume import Education, Project, Role, Statement, TailoredResume

SOURCE = """\
Mara Lindqvist
Data Engineer
Experience
Data Engineer, Fjordkraft Energy AB
March 2020 - Present
• Moved 40 nightly jobs from cron to Airflow and cut failed loads by 70%
• Built a Kafka pipeline on k8s for 2 million meter readings a day
Data Analyst, Norrmart Retail AB
June 2016 - February 2020
• Maintained sales reports in SQL for five regions
• Trained 12 colleagues in Python
Education
MSc Statistics, Uppsala University, 2016
Certifications
Confluent Certified Developer, 2021
Projects
Open timetable
• Published delays of 300 ferries
Languages
Swedish (native), English: C1
German
"""
LINES = source_lines(SOURCE)


def at(start: str) -> int:
    """The number of the source line that starts so."""
    return next(number for number, line in enumerate(LINES, 1) if line.lstrip("• ").startswith(start))


def cite(text: str, *starts: str) -> Statement:
    return Statement(text=text, source_lines=[at(start) for start in starts])


def role(**fields: Any) -> Role:
    known = {"title": "Data Engineer", "employer": "Fjordkraft Energy AB", "location": "", "dates": "", "bullets": []}
    return Role.model_validate(known | fields)


def grounded(**fields: Any) -> Grounded:
    empty = TailoredResume(
        headline="", summary=[], skills=[], experience=[], education=[], certifications=[], projects=[]
    )  # fmt: skip
    return ground(empty.model_copy(update=fields), LINES, parse_resume(SOURCE))


def reasons(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.part, finding.reason) for finding in findings]


class TestSupported:
    @pytest.mark.parametrize(
        ("text", "cited"),
        [
            ("Cut failed loads by 70% by moving 40 jobs to Airflow", "Moved"),
            ("Maintained SQL sales reports for 5 regions", "Maintained"),
            ("Built a Kubernetes pipeline with Kafka", "Built"),
        ],
    )
    def test_a_rewrite_within_its_lines_is(self, text: str, cited: str) -> None:
        assert supported(text, [LINES[at(cited) - 1]]) is None

    @pytest.mark.parametrize(
        ("text", "cited", "reason"),
        [
            ("Cut failed loads by 90%", "Moved", "the cited lines do not hold the number 90"),
            ("Trained 12 colleagues in Python and Java", "Trained", "the cited lines do not name Java"),
            ("Won the sailing cup", "Trained", "shares no word with the lines it cites"),
        ],
    )
    def test_what_the_lines_do_not_say_is_not(self, text: str, cited: str, reason: str) -> None:
        assert supported(text, [LINES[at(cited) - 1]]) == reason

    def test_nothing_is_without_a_citation(self) -> None:
        assert supported("Trained 12 colleagues in Python", []) == "cites no line of the resume"


class TestStatements:
    def test_a_supported_rewrite_stays_as_it_is(self) -> None:
        bullet = cite("Taught Python to 12 colleagues", "Trained")
        result = grounded(experience=[role(title="Data Analyst", employer="Norrmart Retail AB", bullets=[bullet])])
        assert result.resume.experience[0].bullets == [bullet]
        assert (result.fallbacks, result.dropped) == ([], [])

    def test_a_false_one_falls_back_to_its_line_word_for_word(self) -> None:
        bullet = cite("Cut failed loads by 95% with Spark", "Moved")
        result = grounded(experience=[role(bullets=[bullet])])
        assert result.resume.experience[0].bullets == [
            cite("Moved 40 nightly jobs from cron to Airflow and cut failed loads by 70%", "Moved")
        ]
        assert reasons(result.fallbacks) == [("experience", "the cited lines do not hold the number 95")]
        assert result.fallbacks[0].text == "Cut failed loads by 95% with Spark"
        assert result.dropped == []

    def test_two_false_ones_do_not_fall_back_to_the_same_line(self) -> None:
        bullets = [cite("Cut loads by 95%", "Moved"), cite("Cut loads by 96%", "Moved")]
        result = grounded(experience=[role(bullets=bullets)])
        assert len(result.resume.experience[0].bullets) == 1
        assert len(result.fallbacks) == len(result.dropped) == 1

    def test_one_that_cites_nothing_that_exists_is_dropped(self) -> None:
        bullets = [Statement(text="Led a team of 9", source_lines=[]), Statement(text="Led 9", source_lines=[0, 999])]
        result = grounded(experience=[role(bullets=bullets)], summary=bullets[:1])
        assert result.resume.experience[0].bullets == []
        assert result.resume.summary == []
        assert ("summary", "cites no line of the resume") in reasons(result.dropped)
        assert ("experience", "the resume has no such line") in reasons(result.dropped)

    def test_a_line_that_does_not_exist_is_struck_from_a_supported_one(self) -> None:
        bullet = Statement(text="Built a Kafka pipeline", source_lines=[at("Built"), 999])
        result = grounded(experience=[role(bullets=[bullet])])
        assert result.resume.experience[0].bullets == [cite("Built a Kafka pipeline", "Built")]
        assert [finding.text for finding in result.dropped] == ["line 999"]

    def test_a_fact_of_another_job_is_dropped(self) -> None:
        result = grounded(experience=[role(bullets=[cite("Trained 12 colleagues in Python", "Trained")])])
        assert result.resume.experience[0].bullets == []
        assert reasons(result.dropped) == [("experience", "cites lines of another role")]

    def test_a_certificate_adds_no_word(self) -> None:
        real, raised = (
            cite("Confluent Certified Developer (2021)", "Confl"),
            cite("Confluent Certified Master", "Confl"),
        )
        assert grounded(certifications=[real]).resume.certifications == [real]
        result = grounded(certifications=[raised])
        assert [statement.text for statement in result.resume.certifications] == ["Confluent Certified Developer, 2021"]
        assert reasons(result.fallbacks) == [("certifications", "adds words to the cited lines")]


class TestSkills:
    @pytest.mark.parametrize("skill", ["Python", "python", "Kubernetes", "Sales reports"])
    def test_a_stated_skill_stays(self, skill: str) -> None:
        assert grounded(skills=[skill]).resume.skills == [skill]

    @pytest.mark.parametrize("skill", ["Java", "Spark", "Kubernetes security", "Sailing", "Sales forecasts"])
    def test_any_other_is_dropped(self, skill: str) -> None:
        result = grounded(skills=[skill])
        assert result.resume.skills == []
        assert result.dropped == [Finding("skills", skill, "the resume does not state this skill")]


class TestNames:
    def test_true_names_stay(self) -> None:
        true = role(dates="03/2020 - present")
        result = grounded(headline="Data Engineer", experience=[true])
        assert result.resume.headline == "Data Engineer"
        assert result.resume.experience == [true]
        assert (result.fallbacks, result.dropped) == ([], [])

    @pytest.mark.parametrize(
        ("said", "part"),
        [
            ({"title": "Head of Data"}, "title"),
            ({"title": "Data Analyst"}, "title"),  # true elsewhere
            ({"employer": "Globex Corporation", "dates": "March 2020 - Present"}, "employer"),
            ({"dates": "March 2018 - Present"}, "dates"),
            ({"dates": "June 2016 - February 2020"}, "dates"),  # true elsewhere
        ],
    )
    def test_false_ones_fall_back_to_the_resumes(self, said: dict[str, str], part: str) -> None:
        result = grounded(experience=[role(**said)])
        written = result.resume.experience[0]
        assert (written.title, written.employer) == ("Data Engineer", "Fjordkraft Energy AB")
        assert written.dates in ("", "March 2020 - Present")
        assert [finding.part for finding in result.fallbacks] == [part]

    def test_an_invented_place_goes(self) -> None:
        result = grounded(experience=[role(location="New York")])
        assert result.resume.experience[0].location == ""
        assert [finding.part for finding in result.dropped] == ["location"]

    def test_an_invented_job_goes(self) -> None:
        invented = role(title="Chief Officer", employer="Globex", bullets=[cite("Built a Kafka pipeline", "Built")])
        result = grounded(experience=[invented])
        assert result.resume.experience == []
        assert result.dropped == [
            Finding("experience", "Chief Officer | Globex", "the resume names no such employer")
        ]  # fmt: skip

    def test_an_invented_headline_falls_back_to_the_persons_title(self) -> None:
        result = grounded(headline="Principal Data Architect")
        assert result.resume.headline == "Data Engineer"
        assert [finding.part for finding in result.fallbacks] == ["headline"]


class TestEducationAndProjects:
    TRUE = Education(
        degree="MSc Statistics", school="Uppsala University", dates="2016", details="", source_lines=[at("MSc")]
    )

    def test_a_true_degree_stays(self) -> None:
        assert grounded(education=[self.TRUE]).resume.education == [self.TRUE]

    @pytest.mark.parametrize(
        "said",
        [{"degree": "PhD Statistics"}, {"school": "Oxford University"}, {"dates": "2015"}, {"details": "Honours"}],
    )
    def test_a_false_one_falls_back_to_its_line(self, said: dict[str, str]) -> None:
        result = grounded(education=[self.TRUE.model_copy(update=said)])
        assert reasons(result.fallbacks) == [("education", "the cited lines do not state it")]
        [written] = result.resume.education
        assert "MSc Statistics" in written.degree
        assert written.dates == "2016"
        assert written.details == ""

    def test_one_that_cites_no_degree_is_dropped(self) -> None:
        stray = self.TRUE.model_copy(update={"degree": "MBA", "source_lines": [at("Built")]})
        result = grounded(education=[stray, self.TRUE.model_copy(update={"source_lines": []})])
        assert result.resume.education == []
        assert len(result.dropped) == 2

    def test_projects_are_the_resumes(self) -> None:
        true = Project(name="Open timetable", dates="", bullets=[cite("Published delays of 300 ferries", "Published")])
        assert grounded(projects=[true]).resume.projects == [true]
        result = grounded(projects=[true.model_copy(update={"name": "Moon landing"})])
        assert result.resume.projects == []
        result = grounded(projects=[true.model_copy(update={"dates": "2031"})])
        assert [project.dates for project in result.resume.projects] == [""]
        assert [finding.text for finding in result.dropped] == ["2031"]


class TestLanguages:
    @pytest.mark.parametrize(
        ("text", "line"), [("Swedish (native)", "Swedish"), ("English (advanced)", "Swedish"), ("German", "German")]
    )
    def test_one_at_its_level_stays(self, text: str, line: str) -> None:
        assert grounded(languages=[cite(text, line)]).resume.languages == [cite(text, line)]

    @pytest.mark.parametrize(
        ("text", "line", "own", "reason"),
        [
            ("English (native)", "Swedish", "English: C1", "the source puts this language lower"),
            ("German (fluent)", "German", "German", "the source does not say how well"),
            ("German, with diploma", "German", "German", "adds words to the cited lines"),
        ],
    )
    def test_one_that_is_put_higher_goes_back_to_the_resumes_words(
        self, text: str, line: str, own: str, reason: str
    ) -> None:
        result = grounded(languages=[cite(text, line)])
        assert [entry.text for entry in result.resume.languages] == [own.replace(": C1", " (C1)")]
        assert reasons(result.fallbacks) == [("languages", reason)]

    def test_one_that_the_resume_does_not_name_is_dropped(self) -> None:
        result = grounded(languages=[cite("Finnish (fluent)", "German"), Statement(text="Danish", source_lines=[])])
        assert result.resume.languages == []
        assert [finding.text for finding in result.dropped] == ["Finnish (fluent)", "Danish"]

    def test_one_is_not_listed_twice_by_going_back(self) -> None:
        result = grounded(languages=[cite("German", "German"), cite("German (fluent)", "German")])
        assert [entry.text for entry in result.resume.languages] == ["German"]
