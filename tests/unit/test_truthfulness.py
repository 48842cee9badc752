"""The truth check: each kind of claim with a lie that must be found and a rewrite that must pass."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.truthfulness import Claim, Kind, TruthReport, check
from tests.growth import assert_linear

SOURCE = """Lena Horvath
lena.horvath@example.org | +385 91 555 0100

SUMMARY
Network engineer with seven years of experience in hospital networks.

SKILLS
Cisco IOS, Python, JavaScript, MySQL, Linux, VPN, MS Excel

EXPERIENCE
Network Engineer, Adria Klinika d.o.o., Jan 2019 - Present
- Maintained 120 switches and 14 routers in two hospitals.
- Assisted the security officer in moving the firewalls to a new vendor.
- Wrote Python scripts that cut backup time by 40%.
- Reduced open tickets from 5,000 to 1200 within 24 months.
Junior Technician, Split Telekom, 06/2015 - 12/2018
- Installed modems for 35 customers a week.
- Tested cabling and documented faults.

PROJECTS
Ward Map: a web page in JavaScript that shows network outlets.

EDUCATION
Bachelor of Science in Computing, University of Split, 2011 - 2015
CERTIFICATIONS
Cisco Certified Network Associate, 2018
LANGUAGES
Croatian (native), English (C1)
Italian - basic
"""


def judge(old: str, new: str, posting: str | None = None) -> TruthReport:
    """The report on the source with one passage rewritten."""
    assert old in SOURCE
    return check(SOURCE, SOURCE.replace(old, new), posting)


LIES = [
    (Kind.SKILL, "VPN, MS Excel", "VPN, MS Excel, Kubernetes", "Kubernetes"),
    (Kind.SKILL, "Wrote Python scripts", "Wrote Python and Ansible scripts", "Ansible"),
    (Kind.SKILL, "Linux, VPN", "Linux, zabbix, VPN", "zabbix"),
    (Kind.NUMBER, "by 40%", "by 60%", "60%"),
    (Kind.NUMBER, "14 routers", "44 routers", "44"),
    (Kind.NUMBER, "Installed modems for 35 customers", "Installed modems for 120 customers", "120"),
    (Kind.NUMBER, "by 40%", "by 40 hours", "40 hours"),
    (Kind.DURATION, "within 24 months", "within 24 weeks", "24 weeks"),
    (Kind.DURATION, "with seven years", "with twelve years", "twelve years"),
    (Kind.TITLE, "Network Engineer, Adria", "Senior Network Engineer, Adria", "Senior Network Engineer"),
    (Kind.TITLE, "Junior Technician, Split", "Network Manager, Split", "Network Manager"),
    (Kind.DATE, "06/2015 - 12/2018", "06/2013 - 12/2018", "06/2013 - 12/2018"),
    (Kind.DATE, "06/2015 - 12/2018", "06/2015 - Present", "06/2015 - Present"),
    (Kind.DEGREE, "Bachelor of Science", "Master of Science", "Master of Science"),
    (Kind.SCHOOL, "University of Split", "University of Zagreb", "University of Zagreb"),
    (Kind.CERTIFICATION, "Associate, 2018", "Associate, 2018\nCertified Ethical Hacker", "Certified Ethical Hacker"),
    (Kind.PROJECT, "PROJECTS\n", "PROJECTS\nBed Finder: an app that finds free beds\n", "Bed Finder"),
    (Kind.LANGUAGE, "Italian - basic", "Italian (fluent)", "Italian (fluent)"),
    (Kind.LANGUAGE, "Italian - basic", "Italian - C1", "C1"),
    (Kind.LANGUAGE, "English (C1)", "English (native)", "native"),
    (Kind.LANGUAGE, "Italian - basic", "Spanish - basic", "Spanish"),
    (Kind.LANGUAGE, "Italian - basic", "Italian - basic\nKlingon", "Klingon"),
    (Kind.LANGUAGE, "in hospital networks", "in hospital networks, fluent in Italian", "fluent in Italian"),
    (Kind.VERB_STRENGTH, "Assisted the security officer in moving", "Led the security officer in moving", "Led"),
    (Kind.VERB_STRENGTH, "Maintained 120 switches", "Directed 120 switches", "Directed"),
    (Kind.STATEMENT, "documented faults.", "documented faults.\n- Received an award for outstanding service.", "award"),
    (Kind.STATEMENT, "in two hospitals.", "in two hospitals worldwide.", "worldwide"),
    (Kind.STATEMENT, "in two hospitals.", "in two hospitals, company-wide.", "company-wide"),
]


@pytest.mark.parametrize(("kind", "old", "new", "words"), LIES)
def test_lie_is_found_and_named(kind: Kind, old: str, new: str, words: str) -> None:
    report = judge(old, new)

    assert not report.truthful
    assert words in " | ".join(claim.text for claim in report.unsupported)
    assert kind in {claim.kind for claim in report.unsupported}


@pytest.mark.parametrize("new", ["Network Engineer, Northwind Traders Inc., ", "Network Engineer, Globex, "])
def test_other_employer_is_found(new: str) -> None:
    report = judge("Network Engineer, Adria Klinika d.o.o., ", new)

    assert new.split(", ")[1].split()[0] in report.unsupported[0].text


HARMLESS = [
    ("Jan 2019 - Present", "01/2019 – present"),
    ("Jan 2019 - Present", "January 2019 to date"),
    ("06/2015 - 12/2018", "2015 - 2018"),
    ("with seven years", "with 7 years"),
    ("seven years of experience", "84 months of experience"),
    ("from 5,000 to 1200", "from 5k to 1,200"),
    ("within 24 months", "within two years"),
    ("by 40%", "by 40 percent"),
    ("Python, JavaScript, MySQL", "MySQL, JS, Python"),
    ("MS Excel", "Microsoft Excel"),
    ("Wrote Python scripts that cut", "Writing Python scripts which reduced"),
    ("Tested cabling and documented faults.", "Documented defects and validated the cabling"),
    ("Assisted the security officer in moving", "Helped the security officer to migrate"),
    ("Maintained 120 switches and 14 routers", "Looked after 14 routers and 120 switches"),
    ("- Installed modems for 35 customers a week.\n- Tested", "- Installed modems for 35 clients per week; tested"),
    ("Junior Technician, Split", "Technician, Split"),
    ("Bachelor of Science in Computing", "BSc Computing"),
    ("Bachelor of Science in Computing, University of Split, 2011 - 2015", "University of Split | B.Sc. | 2011-2015"),
    ("- Tested cabling and documented faults.\n", ""),
    ("SUMMARY\n", "PROFESSIONAL PROFILE\n"),
    ("EXPERIENCE\n", "Work History\n"),
    ("- ", "• "),
    ("SKILLS\nCisco IOS, Python, JavaScript, MySQL, Linux, VPN", "SKILLS\nLinux | VPN | Python | JavaScript | MySQL"),
    ("SUMMARY\n", "SUMMARY\nSkilled in Python, Linux and MySQL, with a strong background in hospital networks.\n"),
    ("Ward Map: a web page in JavaScript", "WARD MAP - web page built with JavaScript"),
    ("Wrote Python scripts", "I wrote Python scripts"),
    ("Croatian (native), English (C1)\nItalian - basic", "Basic Italian, native Croatian"),
    ("Croatian (native), English (C1)\nItalian - basic", "Hrvatski (mother tongue), English (advanced), Italian"),
    ("in hospital networks", "in hospital networks, native speaker of Croatian with basic Italian"),
]


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_harmless_rewrite_passes(old: str, new: str) -> None:
    report = judge(old, new)

    assert [claim.text for claim in report.unsupported] == []
    assert report.truthful


def test_the_source_itself_is_true() -> None:
    assert check(SOURCE, SOURCE) == TruthReport(truthful=True, unsupported=[], degenerate=None)


HEADS = (
    "EXPERIENCE\nAssistant Sales Manager, Hale Homes, 2019 - 2021\n- Sold flats.\nIntern, Lab Manager, Orla Ltd, 2011"
)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Asst. Sales Manager, Hale Homes, 2019 - 2021", "Sales Manager, Hale Homes, 2019 - 2021"),
        ("Sales Manager (Assistant), Hale Homes", "Sales Manager, Hale Homes"),
        ("Lab Manager, Orla Ltd, 2011", "Assistant Lab Manager, Orla Ltd, 2011"),
    ],
)
def test_a_title_without_its_lower_rank_is_a_promotion(true: str, false: str) -> None:
    assert check(HEADS, f"EXPERIENCE\n{true}\n- Sold flats.\n- Sold").truthful
    assert Kind.TITLE in {claim.kind for claim in check(HEADS, f"EXPERIENCE\n{false}\n- Sold flats.").unsupported}


@pytest.mark.parametrize(
    ("source", "true", "false"),
    [
        ("Planned the loading of 60 trucks a week", "Planned weekly loading of 60 trucks", "Planned 60 trucks per day"),
        ("Answered 15 calls daily", "Answered 15 calls per day", "Answered 15 calls an hour"),
        ("Wrote 200 articles", "Wrote 200 articles for daily news", "Wrote 300 articles a year"),
    ],
)
def test_a_number_keeps_its_period(source: str, true: str, false: str) -> None:
    source = f"EXPERIENCE\n- {source} for the daily news of the Harbour Post and its many readers in town"
    assert check(source, f"EXPERIENCE\n- {true} of the Harbour Post and its many readers").truthful
    assert not check(source, f"EXPERIENCE\n- {false} of the Harbour Post and its many readers").truthful


def test_a_word_of_its_own_is_no_misspelling() -> None:
    source = "EXPERIENCE\n- Trained nurses of the ward at the Harbour Medical Center and wrote its handbook"
    assert check(source, "EXPERIENCE\n- Trained nurses of the ward and wrote its hanbook").truthful
    assert not check(source, "EXPERIENCE\n- Trained nurses of the ward with Cerner").truthful


TWO_JOBS = """EXPERIENCE
Engineer, Acme Inc, Jan 2019 - Present
- Managed a team of 12 developers.
- Built a billing system in Java.
Analyst, Globex, 2015 - 2018
- Managed a team of 5 developers.
"""


@pytest.mark.parametrize("moved", ["Managed a team of 12 developers", "Led a team of twelve developers"])
def test_number_of_another_job_is_unsupported(moved: str) -> None:
    report = check(TWO_JOBS, TWO_JOBS.replace("Managed a team of 5 developers", moved))

    assert [claim.kind for claim in report.unsupported] == [Kind.NUMBER]
    assert "another job" in report.unsupported[0].why


def test_jobs_with_like_bullets_keep_their_numbers() -> None:
    engineer, analyst = TWO_JOBS.removeprefix("EXPERIENCE\n").split("Analyst")

    assert check(TWO_JOBS, "EXPERIENCE\nAnalyst" + analyst + engineer.replace("Managed", "Led")).truthful


def test_posting_excuses_nothing_but_is_named() -> None:
    posting = "We look for an engineer who knows Terraform."

    with_posting = judge("Linux, VPN", "Linux, Terraform, VPN", posting)
    without = judge("Linux, VPN", "Linux, Terraform, VPN")

    assert [claim.text for claim in with_posting.unsupported] == [claim.text for claim in without.unsupported]
    assert "posting" in with_posting.unsupported[0].why
    assert "posting" not in without.unsupported[0].why


def test_finding_cites_the_nearest_source_line() -> None:
    (claim,) = judge("by 40%", "by 60%").unsupported

    assert claim.nearest == "- Wrote Python scripts that cut backup time by 40%."
    assert claim.source_line is not None
    assert "number" in claim.why


def test_every_lie_of_a_resume_is_reported_once() -> None:
    false = SOURCE.replace("14 routers", "44 routers").replace("VPN,", "VPN, Kafka,").replace("2011 -", "2008 -")

    texts = [claim.text for claim in check(SOURCE, false).unsupported]

    assert texts == ["Kafka", "44", "2008 - 2015"]


@pytest.mark.parametrize(
    ("generated", "how"),
    [
        ("", "headings"),
        ("   \n", "headings"),
        ("Summary\n\nSkills\n\nExperience\n", "headings"),
        (SOURCE + "- Tested cabling and documented faults.\n" * 6, "over and over"),
        (SOURCE + "faults in cabling and " * 30, "over and over"),
        ("As an AI language model, I tailored this.\n" + SOURCE, "prompt"),
        ("Here is your tailored resume:\n" + SOURCE, "prompt"),
        (SOURCE + "[Insert company name]", "prompt"),
        (SOURCE + "</resume>\n<job_posting>", "prompt"),
        ("You are an expert resume writer.\n" + SOURCE, "prompt"),
    ],
)
def test_degenerate_text_is_not_truthful(generated: str, how: str) -> None:
    report = check(SOURCE, generated)

    assert not report.truthful
    assert report.degenerate is not None
    assert how in report.degenerate
    assert report.unsupported[0].kind is Kind.DEGENERATE


SPECIALIST = """Ana Novak | ana@example.org | 509.555.0139

SKILLS
Active Directory, Microsoft 365, Windows Server 2019, AS400, 3D printing

EXPERIENCE
Lead Java Developer, Kolpa Systems, 2019 - Present
- Assisted the head of IT in managing the server budget.
- Ran eight\u00a0workshops on test-driven development for six clinics and 40 nurses,
  and wrote the guides.
- Wrote invoices for 25 clinics.
- Took no part in driving sales.
Job description: Driving the delivery of spare parts in 3 regions.
"""


@pytest.mark.parametrize(
    ("true", "false"),
    [
        # A verb is the source's own where its sentence stands so, with no hedge or denial before it.
        ("- Driving the delivery of spare parts in 3 regions.", "- Managing the server budget."),
        ("- Driving the delivery of spare parts", "- Driving sales."),
        # No verb governs a skill or a compound; one that governs an item of a list governs no other.
        (
            "SKILLS\nGuides, Direct, Microsoft 365, Windows Server 2019",
            "SKILLS\nDirecting the server budget, Java, Excel",
        ),
        ("SKILLS\nMicrosoft 365, Active Directory, AS400", "SKILLS\nMicrosoft 365, Active Directory, Terraform"),
        # A rank that opens a field is a title, and nobody else's.
        ("Lead Java Developer | Kolpa Systems | 2019 - Present", "Head of IT | Kolpa Systems | 2019 - Present"),
        # A number in a name is supported by that name, whatever stands around.
        ("- Looked after Microsoft 365 in six clinics.", "- Looked after Microsoft 367 in six clinics."),
        ("SKILLS\nJava, Active Directory, AS/400", "SKILLS\nJava, Active Directory, AS/401"),
        ("SKILLS\nJava, 3D printing", "SKILLS\nJava, 5D printing"),
        # A number is the source's own where its sentence stands so, on one line or two.
        ("- Guides. Wrote invoices for 25 clinics.", "- Guides. Wrote invoices for 40 clinics."),
        ("- Workshops for 40 nurses, and wrote the guides.", "- Workshops for 25 nurses, and wrote the guides."),
        # What is counted may be named otherwise where the rest of the words fit better.
        ("- Gave 8 workshops to six clinics.", "- Wrote invoices for six clinics."),
        # Every kind of space parts words.
        (
            "- Ran eight workshops on test-driven\u2003development.",
            "- Ran nine\u00a0workshops on test-driven development.",
        ),
        # The contact line may be written otherwise; it counts nothing.
        ("509.555.0139 | ana@example.org", "Kolpa Systems | 509 clinics"),
    ],
)
def test_what_is_selected_from_a_source_is_true(true: str, false: str) -> None:
    assert check(SPECIALIST, SPECIALIST + true).unsupported == []
    assert not check(SPECIALIST, SPECIALIST + false).truthful


@pytest.mark.parametrize("number", ["¹", "x²", "5¹", "①"])
def test_raised_digits_are_no_numbers(number: str) -> None:
    source = SOURCE.replace("14 routers", f"14 routers {number}")

    assert check(source, source.replace("Wrote", "I wrote")).truthful
    assert not check(source, source.replace("by 40%", "by 60%")).truthful


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Compiled and analysed faults found in cabling.", "Compiled and analysed faults found in turbines."),
        ("Identified faults while testing cabling.", "Repaired faults while testing elevators."),
        ("Improved the accuracy of cabling tests and of documented faults.", "Won an award for cabling tests."),
    ],
)
def test_plain_verbs_and_abstract_words_name_nothing_new(true: str, false: str) -> None:
    assert judge("Tested cabling and documented faults.", true).unsupported == []
    assert not judge("Tested cabling and documented faults.", false).truthful


@pytest.mark.parametrize(
    ("source", "true", "false"),
    [
        ("Skills: sewing\nSchool: Hill College", "SKILLS\nSewing\n\nEDUCATION\nHill College", "SKILLS\n\nEDUCATION"),
        (SOURCE, SOURCE, "SKILLS\nPython, Linux\n\nEXPERIENCE"),
    ],
)
def test_a_resume_is_empty_when_it_says_far_less_than_its_source(source: str, true: str, false: str) -> None:
    assert check(source, true).degenerate is None
    assert check(source, false).degenerate is not None


def test_source_that_repeats_itself_may_be_repeated() -> None:
    source = SOURCE + "- Tested cabling and documented faults.\n" * 10

    assert check(source, source).truthful


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "A.B.",
        "1,2",
        "2019 ",
        "Senior Manager ",
        "Jan 2019 - Feb 2020, ",
        "- Led 5 teams\n",
        "(((",
        "@x",
        " \t",
        "Zorgon Blix quux, ",
        "12 clients 40% 3 years ",
        "509.555.",
    ],
)
def test_cost_of_long_strange_text_grows_with_its_length(piece: str) -> None:
    assert_linear(lambda text: (check(SOURCE, text), check(text, SOURCE)), piece, 8_000)


WORDS = st.sampled_from(
    [
        "Python",
        "12",
        "led",
        "Senior",
        "40%",
        "2019",
        "BSc",
        "Ltd.",
        "the",
        "for,",
        "-",
        "•",
        "§",
        "Ünïted",
        "C++",
        ";",
        "5k",
        "[x]",
    ]
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), max_size=12).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(generated=LINES)
def test_findings_point_into_the_text_in_order_and_apart(generated: str) -> None:
    claims = check(SOURCE, generated).unsupported

    assert all(generated[claim.start : claim.end] == claim.text for claim in claims)
    assert all(one.end <= other.start for one, other in pairwise(claims))


@settings(max_examples=40, deadline=None)
@given(kept=st.sets(st.integers(0, len(SOURCE.splitlines()) - 1), min_size=12))
def test_dropping_lines_never_makes_a_lie(kept: set[int]) -> None:
    lines = SOURCE.splitlines()

    report = check(SOURCE, "\n".join(lines[number] for number in sorted(kept)))

    assert report.unsupported == []


def test_report_is_deterministic() -> None:
    false = SOURCE.replace("hospital", "bank").replace("Python", "Scala")

    assert check(SOURCE, false) == check(SOURCE, false)
    assert isinstance(check(SOURCE, false).unsupported[0], Claim)
