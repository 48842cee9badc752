from itertools import pairwise

import pytest

from tailoring.extractive import DEFAULT
from tailoring.parsing import parse_resume
from tailoring.relevance import FEATURES, LineFeatures, Weights, line_features, read_posting
from tests.unit.extractive_examples import RESUME, STREAMING, tailored


class TestFeatures:
    @pytest.fixture
    def lines(self) -> dict[str, LineFeatures]:
        return {line.candidate.text: line for line in line_features(parse_resume(RESUME), STREAMING)}

    def test_vectors_follow_the_order_of_the_weights(self, lines: dict[str, LineFeatures]) -> None:
        assert tuple(Weights.model_fields) == FEATURES
        assert all(len(line.vector) == len(FEATURES) for line in lines.values())
        line = lines["Built a Kafka pipeline for 2 million meter readings a day"]
        assert DEFAULT.score(line.vector) == pytest.approx(
            sum(getattr(DEFAULT, name) * value for name, value in line.named().items())
        )

    def test_they_tell_good_lines_from_poor_ones(self, lines: dict[str, LineFeatures]) -> None:
        kafka = lines["Built a Kafka pipeline for 2 million meter readings a day"].named()
        party = lines["Organised the summer party"].named()
        older = lines["Trained 12 colleagues in Python"].named()
        assert kafka["posting_words"] > party["posting_words"]
        assert kafka["posting_skills"] > party["posting_skills"] == 0
        assert (kafka["number"], party["number"]) == (1, 0)
        assert (kafka["action_verb"], party["action_verb"]) == (1, 1)
        assert kafka["recency"] > older["recency"] > 0
        assert party["short"] > kafka["short"] == 0

    def test_repetition_is_seen(self) -> None:
        resume = "Experience\nCook, Inn Ltd\n2001 - 2003\n- Made soup of red beets\n- Made soup of red beets daily\n"
        first, second = line_features(parse_resume(resume), STREAMING)
        assert first.named()["repetition"] == 0
        assert second.named()["repetition"] > 0.5

    @pytest.mark.parametrize(
        ("feature", "marked", "plain"),
        [
            ("leaning", "This saved 3 hours a day for each cook", "Saved 3 hours a day for each cook"),
            ("dangling", "Bought beets, salt and pepper for the", "Bought beets, salt and pepper for the inn"),
            ("shouted", "KITCHEN AND BAR OPERATIONS", "Ran the kitchen and the bar"),
            ("personal", "We cooked 300 meals a day", "Cooked 300 meals a day"),
            ("weak_opening", "Responsible for soup and bread", "Cooked soup and bread"),
            ("long", "Cooked " + "red " * 60 + "beets", "Cooked red beets"),
        ],
    )
    def test_flaws_are_marked(self, feature: str, marked: str, plain: str) -> None:
        resume = f"Experience\nCook, Inn Ltd\n2001 - 2003\n- {marked}\n- {plain}\n"
        first, second = (line.named()[feature] for line in line_features(parse_resume(resume), STREAMING))
        assert first > second == 0

    def test_what_the_employer_is_says_nothing_of_the_person(self) -> None:
        resume = (
            "Experience\nCook, Inn Ltd\n2001 - 2003\n- Inn Ltd is a leading hotel chain\n- Made soup of red beets\n"
        )
        assert [line.named()["about_others"] for line in line_features(parse_resume(resume), STREAMING)] == [1, 0]

    def test_weights_survive_a_round_trip_and_refuse_unknown_names(self) -> None:
        assert Weights.model_validate_json(DEFAULT.model_dump_json()) == DEFAULT
        with pytest.raises(ValueError, match="salary"):
            Weights.model_validate({"salary": 1.0})

    def test_a_posting_is_read_title_first(self) -> None:
        wanted = read_posting("Title: Kafka Engineer\nPython, Python, Python and Kafka. Kafka.")
        assert wanted.skills[:2] == ("Kafka", "Python")
        assert read_posting("").skills == ()


def test_scores_are_ordered_within_a_role() -> None:
    score = {line.candidate.text: DEFAULT.score(line.vector) for line in line_features(parse_resume(RESUME), STREAMING)}
    for role in tailored().experience:
        assert all(score[one.text] >= score[two.text] for one, two in pairwise(role.bullets))
