"""The charts and the report's page: readable by people and machines, harmless with hostile names, always the same."""

import datetime as dt
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib
import pytest
from PIL import Image

from tailoring import charts, daily_report
from tailoring.statistics import DayProgress, Rating, Statistics, describe

SVG = "{http://www.w3.org/2000/svg}"
FIRST = dt.date(2026, 7, 23)
HOSTILE = "<script>alert(1)</script> $x^2$ & \x00\x1b 李明"


def ratings(days: int = 3, volunteer: str = "ana") -> list[Rating]:
    return [
        Rating(
            document_id=f"d{number}",
            resume_id=f"r{number % 7}",
            day=FIRST + dt.timedelta(number % days),
            volunteer=volunteer,
            score=50 + number % 40,
            truthful=number % 9 > 0,
            arm="ab"[number % 2],
            prompt_version="p1",
            model="m1",
            seconds=30.0 + number,
        )
        for number in range(60)
    ]


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314  drawn by the code under test


PROGRESS = [DayProgress(day="2026-07-23", total=30, labelled=20), DayProgress(day="2026-07-24", total=30, labelled=0)]
DRAWN: dict[str, Callable[[Statistics], str]] = {
    "histogram": charts.score_histogram,
    "days": charts.scores_over_days,
    "arms": lambda found: charts.group_means("Arms", found.arms),
    "progress": lambda found: charts.label_progress(PROGRESS if found.summary else []),
    "volunteers": lambda found: charts.volunteer_labels(found.volunteers),
}
every_chart = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())


@every_chart
@pytest.mark.parametrize(
    "found", [describe(ratings()), describe(ratings(1)[:1]), describe([])], ids=["all", "one", "none"]
)
def test_a_chart_says_in_words_what_it_shows(draw: Callable[[Statistics], str], found: Statistics) -> None:
    root = parsed(draw(found))
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{title.text}. {description.text}"
    assert ("No labels yet" in str(description.text)) == (found.summary is None)


@every_chart
def test_a_chart_fits_any_page(draw: Callable[[Statistics], str]) -> None:
    """No fixed size, no inline style (a strict content policy drops it), text as text, in the page's colour."""
    root = parsed(draw(describe(ratings())))
    assert root.get("viewBox")
    assert root.get("width") is None
    assert not any(element.get("style") or element.tag == f"{SVG}style" for element in root.iter())
    texts = list(root.iter(f"{SVG}text"))
    assert len(texts) > 3
    assert all(element.get("fill") == "currentColor" for element in texts)


def test_charts_on_one_page_share_no_id() -> None:
    page = "".join(draw(describe(ratings())) for draw in DRAWN.values())
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([\w-]+)', page)) == set(ids)


@every_chart
def test_the_same_numbers_give_the_same_bytes(draw: Callable[[Statistics], str]) -> None:
    found = describe(ratings())
    assert draw(found) == draw(found)


def test_charts_drawn_at_once_are_those_drawn_one_by_one() -> None:
    found = describe(ratings())
    alone = [draw(found) for draw in DRAWN.values()]
    with ThreadPoolExecutor(4) as threads:
        for again in threads.map(lambda _: [draw(found) for draw in DRAWN.values()], range(6)):
            assert again == alone


def test_drawing_leaves_the_settings_of_matplotlib_alone() -> None:
    before = dict(matplotlib.rcParams)
    charts.score_histogram(describe(ratings()))
    assert dict(matplotlib.rcParams) == before


def test_a_hostile_name_is_a_name() -> None:
    drawn = charts.volunteer_labels(describe(ratings(volunteer=HOSTILE)).volunteers)
    assert "<script" not in drawn
    shown = [element.text or "" for element in parsed(drawn).iter(f"{SVG}text")]
    assert any(text.startswith("<script>alert(1)") for text in shown)


def test_matplotlib_is_loaded_only_when_something_is_drawn() -> None:
    loaded = "import sys; import tailoring.charts, tailoring.daily_report; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0


@pytest.mark.parametrize("found", [ratings(), []])
def test_the_picture_is_a_png_and_always_the_same(found: list[Rating]) -> None:
    made = charts.picture(describe(found), describe(found))
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.format == "PNG"
        assert picture.width > 1000
    assert made == charts.picture(describe(found), describe(found))


def report(found: list[Rating], **changes: Any) -> daily_report.DailyReport:
    values = {"day": "2026-07-23", "first_day": "2026-07-01", "progress": PROGRESS, "bad_labels": 0, **changes}
    return daily_report.daily_report(ratings=found, **values)


def test_the_report_has_the_day_and_the_window() -> None:
    made = report(ratings())
    assert made.of_day.summary
    assert made.window.summary
    assert (made.of_day.summary.documents, made.window.summary.documents) == (20, 60)
    assert len(made.z_scores) == 20
    assert (made.day_progress.labelled, made.day_progress.total) == (20, 30)


def test_the_report_as_json_reads_back() -> None:
    made = report(ratings())
    assert daily_report.DailyReport.model_validate_json(made.model_dump_json()) == made
    assert json.loads(made.model_dump_json())["window"]["summary"]["documents"] == 60


def test_the_table_has_a_row_for_each_group() -> None:
    table = daily_report.rows(report(ratings()))
    assert [(row.by, row.name) for row in table] == [
        ("all", "all"),
        ("arm", "a"),
        ("arm", "b"),
        ("prompt", "p1"),
        ("model", "m1"),
        ("day", "2026-07-23"),
        ("day", "2026-07-24"),
        ("day", "2026-07-25"),
    ]
    assert table[0].documents == sum(row.documents for row in table if row.by == "arm") == 60


def test_the_page_stands_alone_and_escapes_what_people_typed() -> None:
    page = daily_report.as_page(report(ratings(volunteer=HOSTILE), bad_labels=2))
    assert page.count("<svg") == 7
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "20 of 30" in page
    assert "2 labels of the day could not be used" in page


def test_a_day_without_labels_has_a_page_too() -> None:
    page = daily_report.as_page(report([], progress=[]))
    assert "0 of 0" in page
    assert "No labels yet" in page


def test_the_same_labels_make_the_same_page() -> None:
    assert daily_report.as_page(report(ratings())) == daily_report.as_page(report(ratings()[::-1]))
