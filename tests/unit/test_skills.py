"""The skills lexicon: its data, and what it finds in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.skills import SOFT_SKILLS, find_skills, skill_category
from tailoring.vocabulary import load_data
from tests.growth import assert_linear


def names(text: str) -> list[str]:
    return [mention.canonical for mention in find_skills(text)]


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("JS", "JavaScript"),
        ("Java Script", "JavaScript"),
        ("ECMAScript", "JavaScript"),
        ("k8s", "Kubernetes"),
        ("Postgres", "PostgreSQL"),
        ("C Sharp", "C#"),
        ("dot net", ".NET"),
        ("NodeJS", "Node.js"),
        ("node.js", "Node.js"),
        ("MS Excel", "Excel"),
        ("CI / CD", "CI/CD"),
        ("continuous\nintegration", "CI/CD"),
        ("HTML5", "HTML"),
        ("Python 3.11", "Python"),
        ("Python3", "Python"),
        ("stored procedure", "Stored procedures"),
        ("microservice", "Microservices"),
        ("QUICKBOOKS", "QuickBooks"),
        ("Amazon Web Services", "AWS"),
        ("P&ID", "P&ID"),
    ],
)
def test_a_skill_is_known_by_its_other_names(text: str, skill: str) -> None:
    assert names(text) == [skill]


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("JavaScript, not Java.", ["JavaScript", "Java"]),
        ("javascript", ["JavaScript"]),
        ("Scalable designs", []),
        ("C++,C#/.NET;ASP.NET(MVC)", ["C++", "C#", ".NET", "ASP.NET"]),
        ("C#.NET", ["C#", ".NET"]),
        ("Spring Boot", ["Spring Boot"]),
        ("Java/J2EE", ["Java", "Java EE"]),
        ("SQL Server and SQL", ["SQL Server", "SQL"]),
        ("(React)", ["React"]),
        ("React.", ["React"]),
        ("my.netbook", []),
        ("Excelsior", []),
    ],
)
def test_words_are_whole_and_the_longest_name_wins(text: str, skills: list[str]) -> None:
    assert names(text) == skills


@pytest.mark.parametrize(
    ("skill", "meant", "not_meant"),
    [
        ("Go", "Languages: Python, Go, SQL", "Go to market with us"),
        ("R", "statistical models in R", "Plan R was chosen"),
        ("C", "C, C++", "Vitamin C daily"),
        ("Excel", "Advanced use of Excel", "We excel in a fast-paced place"),
        ("Word", "Word, PowerPoint", "spread the word"),
        ("Access", "Excel and Access databases", "Access to the site"),
        ("Spring", "Java with Spring", "in spring 2020"),
        ("Spark", "Hadoop, Spark", "spark joy"),
        ("Swift", "iOS apps in Swift", "a swift answer"),
        ("Rust", "services in the Rust language", "removed rust from pipes"),
        ("Chef", "Puppet, Chef and Ansible", "Chef, cooking and menus"),
        ("Express.js", "Node, Express, MongoDB", "Express delivery"),
        ("Flask", "Flask and Django", "a glass flask"),
        ("Oracle Database", "Oracle 11g", "consult an oracle"),
        ("React", "React and Redux", "React to incidents at once"),
        ("LESS", "CSS, LESS", "Less than 1 year"),
        ("REST APIs", "REST and SOAP", "the rest of the team"),
        ("Lean", "Lean and Six Sigma", "a lean budget"),
        ("Transformers", "tested relays and transformers at 33 kV", "transformers of society"),
        ("Epic", "documented in Epic and Cerner EHR", "an Epic journey"),
        ("Large language models", "built LLM features for support", "LLM in International Law"),
        ("Large language models", "Python, SQL, LLM\nBSc, University of Bonn", "LLM, University of Edinburgh, 2015"),
        ("Large language models", "LLMs in production", "LLB and LLM"),
        ("Large language models", "fine-tuned an LLM for a law firm", "LL.M., Tax Law"),
        ("Driving", "van driving, clean licence", "driving sales to van and car dealers"),
        ("Driving", "driving a delivery vehicle", "driving delivery of the car segment's results"),
        ("Oracle Database", "Oracle and MySQL", "Chaired the Oracle Employee Resource GROUP"),
    ],
)
def test_an_ordinary_word_is_a_skill_only_in_its_context(skill: str, meant: str, not_meant: str) -> None:
    assert skill in names(meant)
    assert skill not in names(not_meant)


def test_a_mention_says_where_and_how_it_is_written() -> None:
    text = "Worked with k8s daily"
    (mention,) = find_skills(text)
    assert (mention.canonical, mention.text) == ("Kubernetes", "k8s")
    assert text[mention.start : mention.end] == "k8s"


def test_soft_skills_are_kept_apart() -> None:
    assert skill_category("Teamwork") == SOFT_SKILLS
    assert skill_category("Python") != SOFT_SKILLS
    with pytest.raises(KeyError):
        skill_category("Basket weaving")


@given(st.text(alphabet="JavaScript C+#.NET, go Go\n/&-()R", max_size=300))
def test_mentions_are_in_order_and_never_overlap(text: str) -> None:
    end = 0
    for mention in find_skills(text):
        assert mention.start >= end
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@pytest.mark.parametrize(
    "piece", ["Built services in Java and Go on AWS; reports in Excel, and led the sales team. ", "Excel \n", " \n"]
)
def test_time_grows_with_length_only(piece: str) -> None:
    assert_linear(lambda text: find_skills(f"Excel{text}Word"), piece, 50_000)


# The data


def lexicon_lines() -> list[str]:
    return [line for lines in load_data("skills.yaml")["categories"].values() for line in lines]


def test_no_name_stands_for_two_skills() -> None:
    owner: dict[str, str] = {}
    for line in lexicon_lines():
        skill, *others = line.split(" | ")
        for name in (skill, *others):
            key = name.casefold()
            assert owner.setdefault(key, skill) == skill, f"{name} stands for {owner[key]} and {skill}"


def test_every_skill_is_found_by_its_own_name_in_a_list() -> None:
    careful = load_data("skills.yaml")["careful"]
    for line in lexicon_lines():
        for name in line.split(" | "):
            context = " ".join(careful.get(name, {}).get("near", ()))
            assert line.split(" | ")[0] in names(f"Docker, {name}, {context}"), name


def test_every_careful_word_is_in_the_lexicon_and_its_context_is_single_words() -> None:
    known = {name.casefold() for line in lexicon_lines() for name in line.split(" | ")}
    for word, rule in load_data("skills.yaml")["careful"].items():
        assert word.casefold() in known, word
        assert set(rule) <= {"only", "sure", "near", "lone", "not_before", "not_near"}, word
        assert not [near for near in rule.get("near", ()) if not near.rstrip("#+").isalnum()], word


def test_the_lexicon_is_large_and_every_name_in_it_is_text() -> None:
    assert len(lexicon_lines()) > 900
    assert all(isinstance(line, str) for line in lexicon_lines())
