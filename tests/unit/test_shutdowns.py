"""Models that go: told within the window, over on the day, and silent where everything stays."""

import datetime as dt

from resources.language_model import ListedModel
from resume_assets.shutdowns import Notice, shutdown_notices

TODAY = dt.date(2026, 11, 23)
MODELS = [
    ListedModel("stays", None),
    ListedModel("far", dt.date(2027, 12, 31)),
    ListedModel("soon", dt.date(2027, 1, 2)),
    ListedModel("gone", dt.date(2026, 11, 23)),
]


def notices(*configured: str, days: int = 45) -> list[Notice]:
    return shutdown_notices(MODELS, configured, TODAY, dt.timedelta(days=days))


def test_nothing_is_told_of_models_that_stay() -> None:
    assert notices("stays", "far") == []


def test_a_shutdown_within_the_window_is_told_once() -> None:
    (notice,) = notices("soon", "soon")
    assert (notice.model, notice.over) == ("soon", False)
    assert "will be shut down on 2027-01-02" in str(notice)
    assert notices("soon", days=10) == []


def test_on_its_day_a_model_is_over_and_one_that_is_not_listed_is_gone() -> None:
    over, missing = notices("gone", "never-was", days=0)
    assert over.over
    assert "was shut down" in str(over)
    assert missing.over
    assert "not among" in str(missing)
