"""Meaning: when a model of sentences is asked, what it changes, and what is told of it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from tailoring.matching import MatchWeights, match
from tailoring.meaning import Meanings

ALIKE = ({"sommelier", "wine"}, {"plumber", "pipe"})  # what the model below knows


class Model:
    """Texts with words of one group are the same to it; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        rows = [[1e-3, *(float(any(word in text.lower() for word in group)) for group in ALIKE)] for text in texts]
        vectors = np.array(rows, np.float32)
        scaled: npt.NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return scaled


def people() -> pl.DataFrame:
    text = "Wine Advisor\nServed guests, kept the stock in order, trained new colleagues."
    return pl.DataFrame({"resume_id": ["r1"], "resume_text": [text], "roles": [""]})


def jobs() -> pl.DataFrame:
    """To words alone, the first is the nearer."""
    told = [("p1", "Pipe Advisor", "Served guests, kept the stock."), ("p2", "Sommelier", "Trained colleagues.")]
    return pl.DataFrame(
        [
            {"posting_id": each, "job_id": each, "title": title, "company_name": "", "description": text}
            for each, title, text in told
        ]
    )


def matched(weight: float, model: Model | None) -> pl.DataFrame:
    weights = MatchWeights(wording=0.5, least=0, meaning=weight)
    return match(people(), jobs(), pairs=2, max_posting_share=1, weights=weights, embed=model).sort("rank")


def test_meaning_changes_the_order_and_is_told() -> None:
    plain, meant = matched(0, None), matched(1.0, Model())
    assert plain["posting_id"].to_list() == ["p1", "p2"]
    assert meant["posting_id"].to_list() == ["p2", "p1"]
    assert "meaning: 1.00 alike" in meant["reasons"][0]
    assert "meaning" not in meant["reasons"][1]
    assert meant["score"].is_between(0, 1).all()


def test_without_a_weight_no_model_is_asked() -> None:
    model = Model()
    assert MatchWeights().meaning == 0
    assert matched(0, model).equals(matched(0, None))
    assert model.asked == []


def test_a_weight_without_a_model_is_refused() -> None:
    with pytest.raises(ValueError, match="meaning has a weight, and no model of sentences is given"):
        matched(0.2, None)


def test_each_text_is_embedded_once() -> None:
    model = Model()
    matched(0.2, model)
    assert len(model.asked) == len(set(model.asked)) == 3
    meanings = Meanings(model)
    model.asked.clear()
    meanings.learn(["wine", "wine", "pipe"])
    meanings.nearness("wine", ["pipe", "wine"])
    assert model.asked == ["wine", "pipe"]


def test_a_resume_without_titles_and_skills_has_no_meaning() -> None:
    model = Model()
    nobody = people().with_columns(resume_text=pl.lit("Served guests, kept the stock in order."))
    found = match(nobody, jobs(), pairs=1, weights=MatchWeights(meaning=0.2, least=0), embed=model)
    assert found["posting_id"].to_list() == ["p1"]
    assert "" not in model.asked


def test_opposites_are_not_near_and_nothing_is_near_nothing() -> None:
    opposites = Meanings(lambda texts: np.array([[1, 0] if text == "up" else [-1, 0] for text in texts], np.float32))
    assert opposites.nearness("up", ["down", "up"]).tolist() == [0, 1]
    assert opposites.nearness("up", []).tolist() == []
