"""What is no fine-tuning job, and what is no training file."""

from typing import Any

import openai
import pytest

from tests.services.model_server.training import (
    preferences,
    submit,
    supervised,
    tailoring_messages,
    told,
    until,
    upload,
)


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "param"),
        [
            ({"training_file": "file-nowhere"}, "training_file"),
            ({"validation_file": "file-nowhere"}, "validation_file"),
            ({"method": {"type": "reinforcement"}}, "method.type"),
            ({"hyperparameters": {"n_epochs": 0}}, "hyperparameters.n_epochs"),
            ({"suffix": "x" * 65}, "suffix"),
            ({"metadata": {str(number): "" for number in range(17)}}, "metadata"),
            ({"metadata": {"key": "x" * 513}}, "metadata.key"),
            ({"integrations": [{"type": "wandb", "wandb": {"project": "p"}}]}, "integrations"),
        ],
    )
    def test_bad_requests_name_the_parameter(self, client: openai.OpenAI, changes: dict[str, Any], param: str) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            submit(client, **changes)
        assert caught.value.param == param

    def test_models_that_are_not_there(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError):
            submit(client, model="gpt-4o-mini")

    def test_files_for_something_else(self, client: openai.OpenAI) -> None:
        file = client.files.create(file=("a.jsonl", b"{}\n"), purpose="batch")
        with pytest.raises(openai.BadRequestError, match="purpose"):
            submit(client, training_file=file.id)


def changed(place: int, line: Any) -> list[Any]:
    return [*supervised()[:place], line, *supervised()[place + 1 :]]


NO_TAGS = {"messages": [{"role": "user", "content": "hello"}, told("{}")]}
NO_JSON = {"messages": [*tailoring_messages(), told("Dear Sir or Madam")]}
BOSS = {"messages": [{"role": "boss", "content": "hi"}, told("yes")]}
NO_ANSWER = {"messages": [*tailoring_messages(), {"role": "user", "content": "now"}]}
TWO_BEST = [*preferences()[:-1], preferences()[0] | {"preferred_output": [told("{}"), told("{}")]}]
SAME = [one | {"non_preferred_output": one["preferred_output"]} for one in preferences()]


class TestBadFiles:
    @pytest.mark.parametrize(
        ("examples", "method", "reason"),
        [
            (supervised()[:9], "supervised", r"9 example\(s\).*at least 10"),
            (changed(2, "{"), "supervised", "Line 3.*not a JSON object"),
            (changed(2, "[1]"), "supervised", "Line 3"),
            (changed(4, BOSS), "supervised", r"1 of 12 lines.*Line 5: 'messages\[0\].role'"),
            (changed(4, NO_ANSWER), "supervised", "Line 5.*last message must be an assistant's"),
            (changed(0, {"text": "hi"}), "supervised", "Line 1: 'messages' is missing"),
            (changed(11, NO_TAGS), "supervised", "Line 12 has nothing to tailor.*<resume>"),
            (changed(7, NO_JSON), "supervised", "Line 8: the assistant's answer is no TailoredResume"),
            (supervised(), "dpo", "12 of 12 lines.*'input' is missing"),
            (TWO_BEST, "dpo", "Line 12: 'preferred_output'"),
            (SAME, "dpo", "No example tells this model anything"),
        ],
    )
    def test_the_job_fails_and_says_why(
        self, client: openai.OpenAI, examples: list[Any], method: str, reason: str
    ) -> None:
        job = until(client, submit(client, examples, method={"type": method}).id, "failed")
        assert job.error is not None
        assert (job.error.code, job.error.param) == ("invalid_training_file", "training_file")
        with pytest.raises(AssertionError, match=reason):
            raise AssertionError(job.error.message)
        assert (job.fine_tuned_model, job.trained_tokens, job.result_files) == (None, None, [])
        newest = client.fine_tuning.jobs.list_events(job.id, limit=1).data[0]
        assert newest.level == "error"
        assert job.error.message in newest.message

    def test_a_bad_validation_file(self, client: openai.OpenAI) -> None:
        job = submit(client, validation_file=upload(client, supervised()[:3]))
        error = until(client, job.id, "failed").error
        assert error is not None
        assert error.param == "validation_file"

    def test_what_is_said_in_it_is_not_repeated(self, client: openai.OpenAI) -> None:
        secret = {"messages": [*tailoring_messages(), told('{"headline": ["Sesame"]}')]}
        error = until(client, submit(client, changed(3, secret)).id, "failed").error
        assert error is not None
        assert "Sesame" not in error.message
