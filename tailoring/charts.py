"""Statistics as charts: SVG for a page, light or dark, wide or narrow; PNG for where only pictures go.

A chart takes its colour of text from the page and carries its own description; the same numbers give the same bytes.
What the numbers mean is `statistics`; what is made of matplotlib's SVG is `svg`.
"""

import datetime as dt
import io
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tailoring.evaluation import Difference
from tailoring.statistics import Bin, DayProgress, Group, Statistics, Volunteer
from tailoring.svg import INK, for_a_page

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# Both stand out from white and from black by 3:1 or more, and are told apart by people who see few colours.
BLUE, ORANGE = "#3a86c8", "#d9730d"
WIDTH, HEIGHT, ROW = 5.6, 3.2, 0.34  # inches; a row of a list
LONGEST_NAME = 24
MOST_DATES = 6
PNG_DPI = 160
SETTINGS: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.size": 11,
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,  # a name may hold a dollar sign
    "axes.unicode_minus": False,
}
_ONE_AT_A_TIME = threading.Lock()  # matplotlib's settings and fonts belong to the whole process


def score_histogram(statistics: Statistics) -> str:
    """How many documents got which score, with the mean."""
    summary = statistics.summary
    if summary is None:
        return _nothing("Scores")
    fullest = max(summary.histogram, key=lambda each: each.count)
    return _svg(
        "Scores",
        f"{_many(summary.documents, 'document')}: mean {summary.mean:.1f}, median {summary.median:.1f}, "
        f"from {summary.minimum} to {summary.maximum}. "
        f"Most, {fullest.count}, lie between {fullest.low} and {fullest.high}.",
        lambda figure: _draw_histogram(figure.subplots(), summary.histogram, summary.mean),
    )


def scores_over_days(statistics: Statistics) -> str:
    """The mean score of each day with its 95% interval."""
    if not statistics.days:
        return _nothing("Scores over days")
    first, last = statistics.days[0], statistics.days[-1]
    moved = f" {statistics.trend.points_a_day:+.2f} points a day." if statistics.trend else ""
    return _svg(
        "Scores over days",
        f"{_many(len(statistics.days), 'day')}: mean {first.summary.mean:.1f} on {first.name}, "
        f"{last.summary.mean:.1f} on {last.name}.{moved}",
        lambda figure: _draw_days(figure.subplots(), statistics.days),
    )


def gain_over_days(days: Sequence[tuple[str, Difference]]) -> str:
    """By how many points the standing model of each day beats another on the same pairs, with the interval."""
    if not days:
        return _nothing("Gain over days")
    last_day, last = days[-1]
    return _svg(
        "Gain over days",
        f"{_many(len(days), 'day')}: {last.mean:+.2f} points on {last_day}, "
        f"{last.interval.low:+.2f} to {last.interval.high:+.2f}.",
        lambda figure: _draw_gain(figure.subplots(), days),
    )


def group_means(title: str, groups: Sequence[Group]) -> str:
    """The mean score of each group (arms, prompts or models) with its 95% interval."""
    if not groups:
        return _nothing(title)
    said = "; ".join(
        f"{each.name} {each.summary.mean:.1f} in {_many(each.summary.documents, 'document')}" for each in groups
    )
    return _svg(title, f"Mean score: {said}.", lambda figure: _draw_groups(figure.subplots(), groups), len(groups))


def label_progress(days: Sequence[DayProgress]) -> str:
    """How many of each day's documents are labelled."""
    if not days:
        return _nothing("Labelled documents")
    done, total = sum(each.labelled for each in days), sum(each.total for each in days)
    last = days[-1]
    return _svg(
        "Labelled documents",
        f"{_many(len(days), 'day')}: {done} of {total}; on {last.day} {last.labelled} of {last.total}.",
        lambda figure: _draw_progress(figure.subplots(), days),
    )


def volunteer_labels(volunteers: Sequence[Volunteer]) -> str:
    """How many labels each volunteer gave, with the median time that one took."""
    if not volunteers:
        return _nothing("Labels by volunteer")
    said = "; ".join(f"{each.name} {_work(each)}" for each in volunteers)
    return _svg(
        "Labels by volunteer",
        f"{said}.",
        lambda figure: _draw_volunteers(figure.subplots(), volunteers),
        len(volunteers),
    )


def picture(day: Statistics, window: Statistics) -> bytes:
    """A PNG with the day's scores beside the scores over the days."""

    def draw(figure: "Figure") -> None:
        left, right = figure.subplots(1, 2)
        if day.summary:
            _draw_histogram(left, day.summary.histogram, day.summary.mean)
        else:
            _say(left, "No labels yet")
        if window.days:
            _draw_days(right, window.days)
        else:
            _say(right, "No labels yet")

    return _rendered(
        draw, (2 * WIDTH, HEIGHT), format="png", dpi=PNG_DPI, facecolor="white", metadata={"Software": None}
    )


# --- drawing ---------------------------------------------------------------------------------------------------------


def _draw_histogram(axes: "Axes", bins: Sequence[Bin], mean: float) -> None:
    bars = axes.bar([each.low for each in bins], [each.count for each in bins], width=9.2, align="edge", color=BLUE)
    axes.bar_label(bars, [str(each.count) if each.count else "" for each in bins], padding=2)
    above = axes.get_xaxis_transform()
    axes.plot([mean], [1.0], marker="v", markersize=8, color=ORANGE, transform=above, clip_on=False)
    side = 1 if mean < 70 else -1
    axes.annotate(f"mean {mean:.1f}", (mean, 1), xycoords=above, xytext=(8 * side, 0), textcoords="offset points",
                  ha="left" if side > 0 else "right", va="center")  # fmt: skip
    axes.set(xlim=(0, 100), xticks=range(0, 101, 20), xlabel="score", ylabel="documents")
    _whole_numbers(axes.yaxis)
    axes.margins(y=0.2)


def _draw_days(axes: "Axes", days: Sequence[Group]) -> None:
    means = [each.summary.mean for each in days]
    lows = [each.summary.interval.low if each.summary.interval else each.summary.mean for each in days]
    highs = [each.summary.interval.high if each.summary.interval else each.summary.mean for each in days]
    _draw_band(axes, [each.name for each in days], means, lows, highs)
    axes.set_ylabel("mean score, 95% interval")


def _draw_gain(axes: "Axes", days: Sequence[tuple[str, Difference]]) -> None:
    found = [each for _, each in days]
    lows, highs = [each.interval.low for each in found], [each.interval.high for each in found]
    _draw_band(axes, [day for day, _ in days], [each.mean for each in found], lows, highs)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_ylabel("points gained, with interval")


def _draw_band(
    axes: "Axes", days: Sequence[str], means: Sequence[float], lows: Sequence[float], highs: Sequence[float]
) -> None:
    at = [dt.date.fromisoformat(day).toordinal() for day in days]
    axes.fill_between(at, lows, highs, color=BLUE, alpha=0.25, linewidth=0)
    axes.plot(at, means, color=BLUE, marker="o", markersize=5, linewidth=2)
    if len(days) == 1:
        axes.vlines(at, lows, highs, color=BLUE)
    _name_days(axes, at, days)
    _faint_grid(axes, "y")


def _draw_groups(axes: "Axes", groups: Sequence[Group]) -> None:
    for place, each in enumerate(groups):
        summary = each.summary
        if summary.interval:
            axes.hlines(place, summary.interval.low, summary.interval.high, color=BLUE, linewidth=3, alpha=0.5)
        axes.plot([summary.mean], [place], color=BLUE, marker="o", markersize=8)
        axes.annotate(
            f"{summary.mean:.1f}", (summary.mean, place), xytext=(0, 7), textcoords="offset points", ha="center"
        )
    _name_rows(axes, [f"{_short(each.name)} ({each.summary.documents})" for each in groups])
    axes.set_xlabel("mean score, 95% interval")
    axes.margins(x=0.1)
    _faint_grid(axes, "x")


def _draw_progress(axes: "Axes", days: Sequence[DayProgress]) -> None:
    at = range(len(days))
    axes.bar(at, [each.total for each in days], color=BLUE, alpha=0.25)
    bars = axes.bar(at, [each.labelled for each in days], color=BLUE)
    if len(days) <= MOST_DATES:
        axes.bar_label(bars, [f"{each.labelled} of {each.total}" for each in days], padding=2)
    _name_days(axes, at, [each.day for each in days])
    axes.set_xlim(-1, max(len(days), 5))  # one day is no wall
    axes.set_ylabel("documents")


def _draw_volunteers(axes: "Axes", volunteers: Sequence[Volunteer]) -> None:
    bars = axes.barh(range(len(volunteers)), [each.labels for each in volunteers], color=BLUE)
    axes.bar_label(bars, [_work(each) for each in volunteers], padding=4)
    _name_rows(axes, [_short(each.name) for each in volunteers])
    axes.set_xlabel("labels")
    _whole_numbers(axes.xaxis)
    axes.margins(x=0.5)


def _name_days(axes: "Axes", at: Sequence[int], days: Sequence[str]) -> None:
    """The days below, a few of them where they are many; the year goes without saying."""
    shown = slice(None, None, -(-len(days) // MOST_DATES))
    axes.set_xticks(at[shown], [day[5:] for day in days[shown]])
    axes.set_xlabel("day")


def _name_rows(axes: "Axes", names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.6)  # the first on top
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _whole_numbers(axis: "Axis") -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def _faint_grid(axes: "Axes", axis: Any) -> None:
    axes.grid(axis=axis, color=INK, alpha=0.15)
    axes.set_axisbelow(True)


def _say(axes: "Axes", text: str) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes)


def _short(name: str) -> str:
    name = _printable(name)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _printable(text: str) -> str:
    """XML has no place for control characters, and people's names may hold any."""
    return "".join(character for character in text if character.isprintable())


def _many(count: int, of: str) -> str:
    return f"{count} {of}{'' if count == 1 else 's'}"


def _work(volunteer: Volunteer) -> str:
    took = "" if volunteer.median_seconds is None else f", {volunteer.median_seconds:.0f} s each"
    return f"{volunteer.labels}{took}"


# --- rendering -------------------------------------------------------------------------------------------------------


def _nothing(title: str) -> str:
    return _svg(title, "No labels yet.", lambda figure: _say(figure.subplots(), "No labels yet"), rows=1)


def _svg(title: str, description: str, draw: "Callable[[Figure], None]", rows: int | None = None) -> str:
    """The chart as an SVG element; `rows` makes it as high as a list of so many lines needs."""
    height = HEIGHT if rows is None else 0.9 + ROW * max(rows, 2)
    # The salt keeps the ids of two charts on one page apart.
    drawn = _rendered(draw, (WIDTH, height), salt=title, format="svg", transparent=True, metadata={"Date": None})
    return for_a_page(drawn.decode(), title, _printable(description))


def _rendered(draw: "Callable[[Figure], None]", size: tuple[float, float], salt: str = "", **options: Any) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure

    target = io.BytesIO()
    settings: Any = {**SETTINGS, "svg.hashsalt": salt}
    with _ONE_AT_A_TIME, matplotlib.rc_context(settings), warnings.catch_warnings():
        # The page's own fonts draw the text; matplotlib only measures it, and may not know every script.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        figure.savefig(target, **options)
    return target.getvalue()
