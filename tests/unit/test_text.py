"""Text made readable: each repair with what it must change and what it must leave; both ways of doing it agree."""

import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.text import normalise, normalise_column


def repaired(text: str) -> str:
    """The text as both ways of normalising have it, which is also what doing it twice gives."""
    once = normalise(text)
    assert normalise(once) == once
    assert normalise_column(pl.Series([text]))[0].to_list() == [once]
    return once


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        # encodings
        ("the teamâ€™s rÃ©sumÃ©", "the team’s résumé"),
        ("Z\x92s caf\xe9", "Z’s café"),
        ("â?¢ SQL â?¢ Java, donâ??t", "• SQL • Java, don’t"),
        ("\ufffd?\ufffd SQL", "• SQL"),
        ("re\u0301sume\u0301 for ﬁnance", "résumé for finance"),
        # markup
        ("R&amp;amp;D &nbsp;at AT&amp;T", "R&D at AT&T"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("Duties:<ul><li>Plan</li><li>Build</li></ul>", "Duties:\n\n• Plan\n• Build"),
        ("<b>Bold</b> <A HREF='x'>link</A> a<br/>b &lt;i&gt;c&lt;/i&gt;", "Bold link a\nb c"),
        ("&am\u200bp;lt;b>x", "x"),
        # characters
        ("Soft\xadware En\u200bgineer\ufeff \x07ok\ue123", "Software Engineer ok"),
        ("Event Worker\ufeffDate: May", "Event Worker Date: May"),
        ("\uf0b7 Plan\n\uf0a7\tBuild", "• Plan\n• Build"),
        ("● Plan\n▪ Build\n· Test ·\xa0Ship", "• Plan\n• Build\n• Test • Ship"),
        ("Duties:\n§ Meets goals\n? Plans", "Duties:\n• Meets goals\n• Plans"),
        ("Tennessee• This job", "Tennessee\n• This job"),
        # spaces
        ("a\xa0b\u2003c\td", "a b c d"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("  a   b  \n\n \n\n\n c  ", "a b\n\nc"),
        # what grew together
        ("culture of inclusion.Who you are", "culture of inclusion. Who you are"),
        ("Apply now!We are hiring.Are you?Join us;Do", "Apply now! We are hiring. Are you? Join us; Do"),
        ("one.Two.Three.Four five", "one. Two. Three. Four five"),
        ("Role:Our office (Required)Must drive", "Role: Our office (Required) Must drive"),
        ("Skilled in SQL.Must travel. In 2024.Then", "Skilled in SQL. Must travel. In 2024. Then"),
        ("strong skillsAbility to lead", "strong skills\nAbility to lead"),
        ("life insurancePaid time off", "life insurance\nPaid time off"),
        ("Job descriptionA leading firm", "Job description\nA leading firm"),
        ("RESPONSIBILITIESAssist the team", "RESPONSIBILITIES\nAssist the team"),
        ("time offSchedule:8 hour shift", "time off\nSchedule: 8 hour shift"),
        ("keen to find solutionsEducation Details", "keen to find solutions\nEducation Details"),
        ("as needed.2. Plan work.3.Build", "as needed.\n2. Plan work.\n3. Build"),
        ("in education.5+ years in sales", "in education. 5+ years in sales"),
        ("work experience2+ years of sales", "work experience\n2+ years of sales"),
    ],
)
def test_what_is_repaired(damaged: str, sound: str) -> None:
    assert repaired(damaged) == sound


@pytest.mark.parametrize(
    "sound",
    [
        "JavaScript, TypeScript, PowerPoint, SolidWorks, HubSpot, iOS, eBay, jQuery, MongoDB and LinkedIn",
        "Node.js, Node.JS, Next.Js, ASP.NET, ASP.Net, ASP.NetCore, VB.Net, D3.js, C++, C#, .NET, F#",
        "System.Data and java.util.List and Microsoft.Extensions",
        "README.md README.MD report.Pdf pom.Xml",
        "e.g. Java, i.e. the U.S.A. and the U.S. Army, a Ph.D. or B.Tech, J. Smith, D.O.E.",
        "version 2.0.1, 3.5x, $1.5M, 10:30 AM, 9.5",
        "www.Acme.Com, Amazon.Com/Jobs, https://a.Example/Path.Html?Query=A;B, mail J.Smith@Example.Co.Uk",
        "see https://jobs.example/apply.Now.Please?Id=1 for more",
        "R&D at AT&T, ?a=1&copy=2, List<String> and Map<K>, <your name>, a < b > c",
        "“quotes” and ‘these’ – dashes — and ellipses… naïve café Zürich ★ 🚀",
        "Is it so? Yes! It is: so.",
        "in 42 § 12, 10·5",
        "userExperience, customerSupport, teamLead, machineLearning, webDesign, isRequired, startsWith, frameWork",
        "Hadoop (Hive) and Spark(SQL)",
        "What?\n\n• One\n• Two",
    ],
)
def test_what_is_left_alone(sound: str) -> None:
    assert repaired(sound) == sound


def test_names_are_not_pulled_apart() -> None:
    name = "AccessAbility to Go.Now Inc.Works"
    assert normalise(f" {name} &amp;\nCo ", prose=False) == f"{name} &\nCo"
    assert normalise_column(pl.Series([name]), prose=False)[0].to_list() == [name]
    assert normalise(name) != name


def test_columns_keep_their_order_their_nulls_and_count_what_was_repaired() -> None:
    texts = pl.Series("t", ["a.b", None, "", "x  y", "R&amp;D  z", "plain"] * 2000)
    before = texts.to_list()
    done, repairs = normalise_column(texts)
    assert done.to_list() == ["a.b", None, "", "x y", "R&D z", "plain"] * 2000
    assert repairs == {"spaces": 4000, "markup": 2000}
    assert texts.to_list() == before
    assert done.name == "t"


PIECES = (
    "skills|Ability to|Must|have| |\n|.|:|(|)|!|?|;|&amp;|&lt;|&gt;|&nbsp;|&#38;|&semi;|<b>|</p>|<li>|<|>|&|#|b|\u200b|"
    "\ufeff|•|·|§|? |\uf0b7|\ue000|â?¢|â??s|â|â€™|Ã©|Â|\x92|\x80|\x85|\u0301|e|ﬁ|¢|¦|\ufffd|Pay:|Schedule|JavaScript|"
    "Experience with|Node.js|.Net|www.|http://a.B/c|x@y.Z|2.|15.|3+ years|A|I|description|Requirements|DUTIES|"
    "Education Details|\r\n|\r|\t|\xa0|-|/|’s|'|\""
)
ANY_TEXT = st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join) | st.text(max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_TEXT, max_size=30))
def test_twice_is_once_and_both_ways_agree(texts: list[str]) -> None:
    once = [normalise(text) for text in texts]
    assert [normalise(text) for text in once] == once
    assert normalise_column(pl.Series(texts, dtype=pl.String))[0].to_list() == once


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("abXY.,:;!()•\n C+#&"), max_size=60))
def test_words_keep_their_order(text: str) -> None:
    """Repairs of spacing and glue neither lose nor move a letter."""
    assert [c for c in normalise(text) if c.isalnum()] == [c for c in text if c.isalnum()]


HOSTILE = (
    "a|aB|aa.Bb|aa.Bb |skillsAbility to| | \n|&amp;|<b |<b<|>|•|·|a• |â?|ÃÂ|\ufffd|e\u0301|a\ufeffB|aPay:|description|"
    "aaa.1.A|\n? a|.§Aa|A/|)Aa|http://a.B|@|\ue000|&semi|ð"
)


@pytest.mark.parametrize("hostile", HOSTILE.split("|"))
def test_hostile_texts_take_linear_time(hostile: str) -> None:
    text = hostile * (100_000 // len(hostile))
    started = time.process_time()
    normalise_column(pl.Series([text]))
    normalise(text[:20_000])
    assert time.process_time() - started < 10
