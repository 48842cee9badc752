"""Token counts: as OpenAI's own encoders count, for any model's name and any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.token_counts import count, count_messages, guess_messages


def test_counts_what_openai_counts() -> None:
    # From the examples of OpenAI's cookbook on counting tokens.
    assert count("antidisestablishmentarianism", "gpt-4") == 6
    assert count("antidisestablishmentarianism", "gpt-4o") == 6
    assert count("お誕生日おめでとう", "gpt-4") == 9
    assert count("お誕生日おめでとう", "gpt-4o") == 8


@pytest.mark.parametrize(
    ("model", "like"),
    [
        ("gpt-3.5-turbo-0125", "gpt-4"),
        ("ft:gpt-3.5-turbo-0125:resume-assets:night:abc12345", "gpt-4"),
        ("gpt-4.1-mini-2025-04-14", "gpt-4o"),
        ("ft:gpt-4o-mini-2024-07-18:org::x", "gpt-4o"),
        ("extractive-1", "gpt-4o"),
        ("davinci", "gpt-4o"),  # its own encoding would have to be downloaded
        ("", "gpt-4o"),
    ],
)
def test_a_model_counts_like_its_family(model: str, like: str) -> None:
    text = "お誕生日おめでとう"
    assert count(text, model) == count(text, like)


def test_words_that_steer_a_model_are_text_here() -> None:
    assert count("<|endoftext|>", "gpt-4o") > 1


def test_a_chat_costs_more_than_its_texts() -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello!"}]
    texts = sum(count(message["content"], "gpt-4o") for message in messages)
    assert count_messages(messages, "gpt-4o") == texts + 2 * (3 + 1) + 3


def test_a_text_longer_than_the_encoder_takes_is_counted() -> None:
    line = "Built reports for the finance team.\n"
    assert count(line * 40_000, "gpt-4o") == pytest.approx(40_000 * count(line, "gpt-4o"), rel=0.001)


@given(st.text())
def test_any_text_can_be_counted(text: str) -> None:
    assert 0 <= count(text, "gpt-4o") <= len(text.encode(errors="surrogatepass"))
    assert (count(text, "gpt-4o") == 0) == (text == "")


def test_a_guess_is_near_what_english_counts() -> None:
    messages = [
        {"role": "user", "content": "Kept the accounts of four branches and told their managers what was due. " * 50}
    ]
    assert guess_messages(messages) == pytest.approx(count_messages(messages, "gpt-4o"), rel=0.4)
