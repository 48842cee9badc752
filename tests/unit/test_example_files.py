"""Training files: the provider's own shapes, every fault named by its line, tokens and cost."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.example_files import FileReport, check_file, short_enough, to_jsonl
from tailoring.example_lines import Form
from tailoring.examples import DpoExample, KtoExample, Message, SftExample

SYSTEM: Message = {"role": "system", "content": "Tailor the resume."}
USER: Message = {"role": "user", "content": "<resume>\n1| Ana\n</resume>"}
ASSISTANT: Message = {"role": "assistant", "content": '{"headline":"Ana"}'}
PROMPT = (SYSTEM, USER)

SFT = SftExample(PROMPT, "good", ("d1",))
DPO = DpoExample(PROMPT, "good", "bad", ("d1", "d2"))
KTO = KtoExample(PROMPT, "good", False, ("d1",))


def report(content: bytes, form: Form = Form.SFT, **given: Any) -> FileReport:
    chosen = {"epochs": 3, "usd_per_million_tokens": 25.0, "fewest_examples": 1}
    return check_file(content, form, model="gpt-4o-mini", **chosen | given)


def told(line: object, form: Form = Form.SFT) -> str:
    content = line if isinstance(line, bytes) else json.dumps(line).encode()
    return "; ".join(map(str, report(content, form).problems))


class TestShapes:
    def test_supervised(self) -> None:
        assert json.loads(to_jsonl([SFT])) == {"messages": [SYSTEM, USER, {"role": "assistant", "content": "good"}]}

    def test_preference(self) -> None:
        assert json.loads(to_jsonl([DPO])) == {
            "input": {"messages": [SYSTEM, USER]},
            "preferred_output": [{"role": "assistant", "content": "good"}],
            "non_preferred_output": [{"role": "assistant", "content": "bad"}],
        }

    def test_true_or_not(self) -> None:
        assert json.loads(to_jsonl([KTO])) == {
            "prompt": [SYSTEM, USER],
            "completion": [{"role": "assistant", "content": "good"}],
            "label": False,
        }

    @pytest.mark.parametrize(("example", "form"), [(SFT, Form.SFT), (DPO, Form.DPO), (KTO, Form.KTO)])
    def test_what_is_written_is_right(self, example: Any, form: Form) -> None:
        found = report(to_jsonl([example] * 3), form)
        assert (found.examples, found.problems) == (3, ())

    @given(st.text(min_size=1).filter(str.strip))
    def test_any_text_stays_on_its_line(self, text: str) -> None:
        content = to_jsonl([SftExample(PROMPT, text, ())] * 2)
        assert len(content.decode().splitlines()) == 2
        assert report(content).problems == ()
        assert json.loads(content.splitlines()[0])["messages"][-1]["content"] == text


class TestProblems:
    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            (b"\n", "EOF"),
            (b"{'messages': []}", "key must be a string"),
            (b'{"messages": "\xff"}', "invalid"),
            ([], "object"),
            ({}, "messages: Field required"),
            ({"messages": [USER, ASSISTANT], "label": True}, "label: Extra inputs"),
            ({"messages": []}, "the prompt must be"),
            ({"messages": [ASSISTANT]}, "the prompt must be"),
            ({"messages": [USER, SYSTEM, ASSISTANT]}, "user, system"),
            ({"messages": [USER, USER, ASSISTANT]}, "user, user"),
            ({"messages": [SYSTEM, USER]}, "the answer must be the assistant's"),
            ({"messages": [USER, {"role": "assistant", "content": " "}]}, "messages.1.content: Value error, must not"),
            ({"messages": [USER, {"role": "assistant", "content": None}]}, "messages.1.content"),
            ({"messages": [{"role": "human", "content": "x"}, ASSISTANT]}, "messages.0.role"),
        ],
    )
    def test_of_a_supervised_line(self, line: object, problem: str) -> None:
        assert problem in told(line)

    @pytest.mark.parametrize("messages", [[USER, ASSISTANT], [SYSTEM, USER, ASSISTANT, USER, ASSISTANT]])
    def test_chats_by_turns_are_right(self, messages: list[Message]) -> None:
        assert told({"messages": messages}) == ""

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"non_preferred_output": [{"role": "assistant", "content": "good"}]}, "nothing to prefer"),
            ({"preferred_output": []}, "preferred_output: List should have at least 1"),
            ({"preferred_output": [ASSISTANT, ASSISTANT]}, "at most 1"),
            ({"preferred_output": [USER]}, "the answer must be"),
            ({"input": {"messages": [SYSTEM, USER, ASSISTANT]}}, "system, user, assistant"),
        ],
    )
    def test_of_a_preference_line(self, change: dict[str, Any], problem: str) -> None:
        assert problem in told(json.loads(to_jsonl([DPO])) | change, Form.DPO)

    def test_of_a_kto_line(self) -> None:
        assert "label: Input should be a valid boolean" in told(json.loads(to_jsonl([KTO])) | {"label": 1}, Form.KTO)

    def test_are_told_by_line_and_do_not_hide_each_other(self) -> None:
        found = report(to_jsonl([SFT]) + b"broken\n" + to_jsonl([SFT]) + b"{}\n")
        assert [problem.line for problem in found.problems] == [2, 4]
        assert (found.examples, str(found.problems[1])) == (4, "line 4: messages: Field required")

    def test_too_few_examples(self) -> None:
        assert str(report(to_jsonl([SFT] * 9), fewest_examples=10).problems[0]).startswith("9 examples")
        assert not report(to_jsonl([SFT] * 10), fewest_examples=10).problems
        assert report(b"").problems

    def test_a_file_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        content = to_jsonl([SFT])
        monkeypatch.setattr("tailoring.example_files.BYTES_OF_A_FILE", len(content))
        assert not report(content).problems
        assert "no more than" in str(report(content + b"\n").problems[-1])

    def test_an_example_that_would_be_cut_off(self) -> None:
        long = SftExample(PROMPT, "word " * 100, ())
        assert "cut off" in str(report(to_jsonl([SFT, long]), tokens_of_an_example=100).problems[0])
        kept = short_enough([SFT, long], Form.SFT, model="gpt-4o-mini", tokens_of_an_example=100)
        assert kept == [SFT]


class TestFigures:
    def test_tokens(self) -> None:
        examples = [SftExample(PROMPT, "word " * number, ()) for number in range(1, 101)]
        single = [report(to_jsonl([each])).tokens for each in examples]
        found = report(to_jsonl(examples))
        assert (found.tokens, found.tokens_longest, found.tokens_p95) == (sum(single), single[-1], single[94])

    def test_a_pair_costs_both_answers(self) -> None:
        assert report(to_jsonl([DPO]), Form.DPO).tokens > report(to_jsonl([SFT])).tokens

    def test_cost_is_paid_for_every_epoch(self) -> None:
        found = report(to_jsonl([SFT] * 10), epochs=3, usd_per_million_tokens=25.0)
        assert found.cost_usd == pytest.approx(found.tokens * 3 * 25 / 1_000_000)
        assert "x 3 epochs at $25 a million" in found.cost_note

    def test_an_unknown_cost_is_not_nothing(self) -> None:
        unpriced, unbounded = report(to_jsonl([SFT]), usd_per_million_tokens=None), report(to_jsonl([SFT]), epochs=None)
        assert unpriced.cost_usd is unbounded.cost_usd is None
        assert "no price of training gpt-4o-mini" in unpriced.cost_note
        assert "epochs" in unbounded.cost_note
        assert report(to_jsonl([SFT]), usd_per_million_tokens=0.0).cost_usd == 0

    def test_the_hash_is_that_of_the_bytes(self) -> None:
        content = to_jsonl([SFT])
        assert report(content).sha256 == hashlib.sha256(content).hexdigest()
        assert report(content).sha256 != report(to_jsonl([SftExample(PROMPT, "other", ())])).sha256
