"""Training examples from labels: who may teach what, and that nothing held out or untruthful is ever imitated."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.examples import Examples, LabelledDocument, LeftOut, build_examples, is_held_out

TRAINED = next(f"resume{n}" for n in range(100) if not is_held_out(f"resume{n}", 0.5))
HELD_OUT = next(f"resume{n}" for n in range(100) if is_held_out(f"resume{n}", 0.2))


def document(
    completion: str, score: int, *, truthful: bool = True, day: int = 1, resume: str = TRAINED, posting: str = "p"
) -> LabelledDocument:
    pair, date = f"{resume}-{posting}", f"2026-07-{day:02}"
    messages = ({"role": "system", "content": "Tailor."}, {"role": "user", "content": pair})
    return LabelledDocument(
        f"{date}/{pair}", pair, resume, date, "base", "extractive-1", messages, completion, score, truthful
    )


def build(*documents: LabelledDocument, quantile: float = 0.0, margin: float = 10) -> Examples:
    return build_examples(documents, held_out_share=0.2, sft_quantile=quantile, preference_margin=margin)


class TestHeldOut:
    @given(st.text(), st.floats(0, 1), st.floats(0, 1))
    def test_a_greater_share_holds_out_the_same_and_more(self, resume: str, one: float, other: float) -> None:
        smaller, greater = sorted((one, other))
        assert is_held_out(resume, smaller) <= is_held_out(resume, greater)
        assert not is_held_out(resume, 0)
        assert is_held_out(resume, 1)

    def test_the_share_is_kept(self) -> None:
        held = sum(is_held_out(f"{number:016x}", 0.2) for number in range(5000))
        assert held / 5000 == pytest.approx(0.2, abs=0.02)

    def test_is_the_same_for_ever(self) -> None:
        # Another answer would train on what earlier models were measured with.
        held = [number for number in range(20) if is_held_out(f"{number:016x}", 0.2)]
        assert held == [1, 3, 5, 7, 10, 11, 17]

    def test_no_form_holds_a_held_out_resume(self) -> None:
        found = build(document("a", 90, resume=HELD_OUT), document("b", 10, day=2, resume=HELD_OUT))
        assert not found.sft + found.dpo + found.kto
        assert found.sft_left_out == found.dpo_left_out == found.kto_left_out == {LeftOut.HELD_OUT: 2}


class TestImitation:
    def test_takes_the_best_of_a_pair(self) -> None:
        found = build(document("good", 80), document("better", 90, day=2), document("other", 70, posting="q"))
        assert [example.completion for example in found.sft] == ["better", "other"]
        assert found.sft_left_out == {LeftOut.NOT_BEST: 1}

    def test_takes_only_what_is_at_or_above_the_quantile(self) -> None:
        documents = [document(f"c{score}", score, posting=f"p{score}") for score in (50, 60, 70, 80)]
        found = build(*documents, quantile=0.5)
        assert [example.completion for example in found.sft] == ["c60", "c70", "c80"]
        assert found.sft_left_out == {LeftOut.LOW_SCORE: 1}

    def test_equal_scores_are_all_at_the_quantile(self) -> None:
        documents = [document(f"c{posting}", 75, posting=posting) for posting in "abc"]
        assert len(build(*documents, quantile=1.0).sft) == 3

    def test_never_takes_an_untruthful_text_whatever_its_score(self) -> None:
        found = build(document("lie", 100, truthful=False), document("truth", 40, day=2))
        assert [example.completion for example in found.sft] == ["truth"]
        assert found.sft_left_out == {LeftOut.UNTRUTHFUL: 1}

    def test_one_volunteer_who_objects_to_a_text_is_enough(self) -> None:
        found = build(document("same", 90), document("same", 90, day=2, truthful=False))
        assert not found.sft
        assert [example.truthful for example in found.kto] == [False]

    def test_a_lie_for_one_posting_is_a_lie_for_another(self) -> None:
        lie = document("same", 90, truthful=False, posting="q")
        assert not build(document("same", 95), lie).sft
        elsewhere = replace(lie, resume_id="another", pair_id="another-q", document_id="another")
        assert len(build(document("same", 95), elsewhere).sft) == 1

    def test_labels_of_one_text_count_as_one(self) -> None:
        found = build(document("twice", 100), document("twice", 60, day=2), document("once", 85, day=3))
        assert [(example.completion, len(example.documents)) for example in found.sft] == [("once", 1)]
        assert found.sft_left_out == {LeftOut.SAME_TEXT: 1, LeftOut.NOT_BEST: 1}


class TestPreference:
    def test_the_best_is_preferred_to_the_worst_and_the_next_best_to_the_next_worst(self) -> None:
        scores = {"a": 95, "b": 90, "c": 70, "d": 60}
        found = build(*(document(text, score, day=day) for day, (text, score) in enumerate(scores.items(), 1)))
        assert [(example.preferred, example.rejected) for example in found.dpo] == [("a", "d"), ("b", "c")]

    def test_a_text_that_is_not_clearly_better_or_worse_is_left_out(self) -> None:
        found = build(document("best", 90), document("near", 81, day=2), document("low", 80, day=3))
        assert [(example.preferred, example.rejected) for example in found.dpo] == [("best", "low")]
        assert found.dpo_left_out == {LeftOut.NOT_CLEAR: 1}

    def test_a_lie_may_be_rejected(self) -> None:
        found = build(document("truth", 80), document("lie", 60, day=2, truthful=False))
        assert [(example.preferred, example.rejected) for example in found.dpo] == [("truth", "lie")]

    def test_a_lie_is_never_preferred(self) -> None:
        found = build(document("lie", 99, truthful=False), document("truth", 50, day=2))
        assert not found.dpo
        assert found.dpo_left_out == {LeftOut.NOT_CLEAR: 2}

    def test_texts_of_different_pairs_are_not_compared(self) -> None:
        found = build(document("a", 90), document("b", 10, posting="q"))
        assert not found.dpo
        assert found.dpo_left_out == {LeftOut.ALONE: 2}

    def test_a_text_is_not_compared_with_itself(self) -> None:
        assert not build(document("same", 90), document("same", 10, day=2)).dpo

    def test_equal_scores_make_no_pair_even_without_a_margin(self) -> None:
        assert not build(document("a", 70), document("b", 70, day=2), margin=0).dpo


def test_no_labels_give_no_examples() -> None:
    found = build()
    assert not found.sft + found.dpo + found.kto


texts = st.builds(
    document,
    st.sampled_from("abcdef"),
    st.integers(0, 100),
    truthful=st.booleans(),
    day=st.integers(1, 28),
    resume=st.sampled_from([f"resume{number}" for number in range(12)]),
    posting=st.sampled_from("pq"),
)
windows = st.lists(texts, max_size=40)
shares = st.floats(0, 1)


@given(windows, st.randoms(), shares, shares, st.integers(0, 50))
def test_the_order_of_the_labels_does_not_matter(
    documents: list[LabelledDocument], chance: Random, held_out: float, quantile: float, margin: int
) -> None:
    shuffled = list(documents) + documents[:3]
    chance.shuffle(shuffled)
    given = {"held_out_share": held_out, "sft_quantile": quantile, "preference_margin": margin}
    assert build_examples(shuffled, **given) == build_examples(documents, **given)


@given(windows, shares, shares, st.integers(0, 50))
def test_what_holds_for_any_labels(
    documents: list[LabelledDocument], held_out: float, quantile: float, margin: int
) -> None:
    found = build_examples(documents, held_out_share=held_out, sft_quantile=quantile, preference_margin=margin)
    by_id = {each.document_id: each for each in documents}
    used = {name for example in found.sft + found.dpo + found.kto for name in example.documents}
    assert not any(is_held_out(by_id[name].resume_id, held_out) for name in used)

    lies = {(each.pair_id, each.completion) for each in once(documents) if not each.truthful}
    for example in (*found.sft, *found.dpo):
        imitated = example.preferred if hasattr(example, "preferred") else example.completion
        assert (by_id[example.documents[0]].pair_id, imitated) not in lies
    for example in found.dpo:
        assert example.preferred != example.rejected

    lines = [(example.messages[1]["content"], example.completion) for example in found.kto]
    assert len(set(lines)) == len(lines)
    pairs = [example.messages[1]["content"] for example in found.sft]
    assert len(set(pairs)) == len(pairs)


@given(windows, shares, shares, st.integers(0, 50))
def test_every_document_is_used_or_counted(
    documents: list[LabelledDocument], held_out: float, quantile: float, margin: int
) -> None:
    found = build_examples(documents, held_out_share=held_out, sft_quantile=quantile, preference_margin=margin)
    texts_in_pairs = {(example.documents[0], example.preferred) for example in found.dpo}
    compared = len(texts_in_pairs) + len(found.dpo)
    total = len({each.document_id for each in documents})
    assert len(found.sft) + sum(found.sft_left_out.values()) == total
    assert compared + sum(found.dpo_left_out.values()) == total
    assert len(found.kto) + sum(found.kto_left_out.values()) == total


def once(documents: Sequence[LabelledDocument]) -> list[LabelledDocument]:
    """Of documents under one id, the one that counts: a lie before a truth, then the lowest score."""
    counted: dict[str, LabelledDocument] = {}
    for each in sorted(documents, key=lambda each: (each.truthful, each.score, each.completion)):
        counted.setdefault(each.document_id, each)
    return list(counted.values())
