"""How messages look in Slack: valid within its limits, escaped, and several of a group as one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.messages import Message, escaped, headline, plain_text, redacted, slack_post
from tests.webhook import require_valid

FAILED = Message(
    key="failure/1",
    group="failure/generate_day/generated_resumes",
    title="generate_day failed at generated_resumes",
    text="MongoDB does not answer.",
    facts={"Job": "generate_day", "Day": "2026-07-23"},
    links={"Open the run": "http://127.0.0.1:3000/runs/1"},
    subject="2026-07-23",
)


def shown(post: dict[str, Any]) -> str:
    return json.dumps(post["blocks"], ensure_ascii=False)


def of_days(count: int) -> list[Message]:
    return [
        FAILED.model_copy(update={"key": f"failure/{n}", "subject": f"2026-07-{n:02d}"}) for n in range(1, count + 1)
    ]


def test_a_message_shows_all_it_has() -> None:
    post = slack_post([FAILED])
    require_valid(post)
    assert post["blocks"][0]["text"]["text"] == "generate_day failed at generated_resumes: 2026-07-23"
    for part in ("MongoDB does not answer.", "*Job*\\ngenerate_day", "<http://127.0.0.1:3000/runs/1|Open the run>"):
        assert part in shown(post)
    assert post["text"].startswith("generate_day failed at generated_resumes: 2026-07-23 | MongoDB does not answer.")


def test_several_messages_are_one_with_a_count_and_every_day() -> None:
    post = slack_post(of_days(14))
    require_valid(post)
    assert "(14 times)" in post["blocks"][0]["text"]["text"]
    assert all(f"2026-07-{n:02d}" in shown(post) for n in range(1, 15))


def test_a_year_of_failures_names_a_month_of_them() -> None:
    days = [FAILED.model_copy(update={"key": str(n), "subject": f"day {n:03d}"}) for n in range(365)]
    assert "and 334 more" in shown(slack_post(days))


def test_no_message_is_no_post() -> None:
    with pytest.raises(ValueError, match="nothing to tell"):
        slack_post([])


def test_control_characters_of_slack_are_escaped() -> None:
    post = slack_post([FAILED.model_copy(update={"text": "<!channel> a & b ```", "title": "<@U1> failed"})])
    assert "&lt;!channel&gt; a &amp; b '''" in shown(post)
    assert "<!channel>" not in json.dumps(post)
    assert "<@U1>" not in json.dumps(post)


def test_an_address_cannot_break_out_of_its_link() -> None:
    post = slack_post([FAILED.model_copy(update={"links": {"a|b": "http://h/?a=1&b=<x>|y"}})])
    assert "<http://h/?a=1&amp;b=%3Cx%3E%7Cy|a b>" in shown(post)


@pytest.mark.parametrize(("text", "limit", "expected"), [("a&b", 7, "a&amp;b"), ("a&b", 6, "a…"), ("abc", 2, "a…")])
def test_texts_are_cut_between_characters(text: str, limit: int, expected: str) -> None:
    assert escaped(text, limit) == expected


def test_a_plain_line_has_no_breaks() -> None:
    assert plain_text([FAILED.model_copy(update={"text": "one\n\ntwo"})]).count("\n") == 0
    assert headline([FAILED.model_copy(update={"subject": ""})]) == FAILED.title


def test_secrets_are_taken_out_longest_first() -> None:
    assert redacted("key=hush-hush, hush", ["hush", "hush-hush"]) == "key=[secret], [secret]"
    assert redacted("nothing", []) == "nothing"


messages = st.builds(
    Message,
    key=st.text(),
    group=st.just("g"),
    title=st.text(min_size=1),
    text=st.text(st.sampled_from("<>&`*ab\n"), max_size=4000),
    facts=st.dictionaries(st.text(min_size=1), st.text(max_size=3000), max_size=25),
    links=st.dictionaries(st.text(min_size=1), st.text(min_size=1), max_size=5),
    subject=st.text(),
)


@given(st.lists(messages, min_size=1, max_size=5))
def test_whatever_is_told_the_post_is_valid(told: list[Message]) -> None:
    require_valid(slack_post(told))
