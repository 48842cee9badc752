"""What the model server answers, as its clients meet it: the real SDK, over HTTP, to a real process."""

import time

import openai
import pytest

from tailoring.resume import TailoredResume, response_format
from tests.model_server_fixture import RunningModelServer
from tests.services.model_server.calls import RESUME, ask, content_of, raw, tailoring_messages


class TestModels:
    def test_lists_the_base_model(self, client: openai.OpenAI) -> None:
        models = {model.id: model for model in client.models.list()}
        assert models["extractive-1"].object == "model"
        assert models["extractive-1"].owned_by
        assert 0 < models["extractive-1"].created < time.time()

    def test_says_that_no_shutdown_is_planned(self, server: RunningModelServer) -> None:
        status, model = raw(server, "GET", "/v1/models/extractive-1")
        assert status == 200
        assert model["shutdown_date"] is None

    def test_unknown_model(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError) as caught:
            client.models.retrieve("gpt-nowhere")
        assert caught.value.code == "model_not_found"


class TestAnswers:
    def test_strict_schema_gets_a_tailored_resume_that_cites_its_source(self, client: openai.OpenAI) -> None:
        completion = ask(client, response_format=response_format())
        resume = TailoredResume.model_validate_json(content_of(completion))
        bullets = [bullet for role in resume.experience for bullet in role.bullets]
        assert bullets
        assert all(bullet.source_lines for bullet in bullets)
        assert all(bullet.text in RESUME for bullet in bullets)
        assert completion.choices[0].finish_reason == "stop"
        assert completion.model == "extractive-1"

    def test_the_sdk_parses_it_into_our_model(self, client: openai.OpenAI) -> None:
        completion = client.chat.completions.parse(
            model="extractive-1", messages=tailoring_messages(), response_format=TailoredResume
        )
        assert isinstance(completion.choices[0].message.parsed, TailoredResume)

    @pytest.mark.parametrize("asked", [None, {"type": "text"}, {"type": "json_object"}])
    def test_every_format_gets_the_same_compact_json(self, client: openai.OpenAI, asked: dict[str, str] | None) -> None:
        in_schema = content_of(ask(client, response_format=response_format()))
        assert content_of(ask(client, response_format=asked)) == in_schema
        assert in_schema == TailoredResume.model_validate_json(in_schema).model_dump_json()

    def test_the_posting_decides(self, client: openai.OpenAI) -> None:
        about_java = tailoring_messages(posting="Java developer wanted: REST services in Java, JUnit.")
        skills = TailoredResume.model_validate_json(content_of(ask(client, messages=about_java))).skills
        assert skills[0] == "Java"

    def test_content_in_parts_is_content(self, client: openai.OpenAI) -> None:
        in_parts = [
            {"role": message["role"], "content": [{"type": "text", "text": message["content"]}]}
            for message in tailoring_messages()
        ]
        assert content_of(ask(client, messages=in_parts)) == content_of(ask(client))

    def test_harmless_parameters_are_accepted(self, client: openai.OpenAI) -> None:
        completion = ask(
            client, temperature=0, seed=7, top_p=1, n=1, user="u", metadata={"a": "b"}, stop=None, tools=[],
            logprobs=False, extra_body={"not_known_to_anyone": 1},
        )  # fmt: skip
        assert content_of(completion) == content_of(ask(client))

    def test_temperature_and_seed_vary_the_answer(self, client: openai.OpenAI) -> None:
        varied = [content_of(ask(client, temperature=2, seed=seed)) for seed in range(12)]
        assert len(set(varied)) > 1
        assert [content_of(ask(client, temperature=2, seed=seed)) for seed in range(12)] == varied
        assert content_of(ask(client)) == content_of(ask(client, temperature=0))

    def test_the_fingerprint_is_stable(self, client: openai.OpenAI) -> None:
        fingerprints = {ask(client, temperature=1, seed=seed).system_fingerprint for seed in range(3)}
        assert len(fingerprints) == 1
        assert None not in fingerprints

    def test_usage_estimates_four_characters_a_token(self, client: openai.OpenAI) -> None:
        completion = ask(client)
        usage = completion.usage
        assert usage is not None
        characters = sum(len(message["content"]) for message in tailoring_messages())
        assert characters / 4 <= usage.prompt_tokens <= characters / 4 + len(tailoring_messages())
        assert usage.completion_tokens == -(-len(content_of(completion)) // 4)
        assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens

    @pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
    def test_a_limit_on_tokens_cuts_the_answer_and_says_so(self, client: openai.OpenAI, limit: str) -> None:
        whole = ask(client)
        cut = ask(client, **{limit: 20})
        assert cut.choices[0].finish_reason == "length"
        assert content_of(cut) == content_of(whole)[:80]
        assert cut.usage is not None
        assert cut.usage.completion_tokens == 20
        assert whole.usage is not None
        enough = ask(client, **{limit: whole.usage.completion_tokens})
        assert (enough.choices[0].finish_reason, content_of(enough)) == ("stop", content_of(whole))

    def test_a_stream_says_the_same(self, client: openai.OpenAI) -> None:
        whole = ask(client)
        stream = client.chat.completions.create(
            model="extractive-1", messages=tailoring_messages(), stream=True, stream_options={"include_usage": True}
        )
        *chunks, last = list(stream)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == content_of(whole)
        assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
        assert chunks[0].choices[0].delta.role == "assistant"
        assert (last.choices, last.usage) == ([], whole.usage)

    def test_a_stream_tells_the_usage_only_when_asked(self, client: openai.OpenAI) -> None:
        stream = client.chat.completions.create(model="extractive-1", messages=tailoring_messages(), stream=True)
        assert all(chunk.usage is None and chunk.choices for chunk in stream)
