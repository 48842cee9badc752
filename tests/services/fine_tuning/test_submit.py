"""Asking for a fine-tuning job over HTTP: an equal request gets the same job, also from two at once or past a fault."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.fine_tuning import Event, FineTuning
from resources.fine_tuning_api import FineTuningApi
from resources.job_records import COLLECTION, LEASE, JobRecords
from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.fine_tuning.tuning import Clock, at, jobs_of, killed, request, training_file, wait


class TestSubmit:
    def test_a_job_is_trained_and_gives_a_model(
        self, well_behaved: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(well_behaved, documents), request(validation=training_file(10))
        job = tuning.submit(wanted, now=clock.now)
        told: list[Event] = []
        finished = wait(tuning, job.job_id, on_event=told.append)
        assert job.new
        assert finished.model.startswith("ft:extractive-1:resume-assets:night:")
        assert finished.trained_tokens
        assert finished.losses
        assert list(finished.events) == told
        assert told[0].message.startswith("Created fine-tuning job")
        assert told[-1].message == "The job has successfully completed"
        record = documents.database[COLLECTION].find_one({"_id": wanted.key})
        assert record is not None
        assert (record["state"], record["model"], record["base_model"]) == ("succeeded", finished.model, "extractive-1")

    def test_an_equal_request_gets_the_same_job(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        first = tuning.submit(wanted, now=clock.now)
        second = tuning.submit(replace(wanted, suffix="another-name", seed=4), now=clock.now)
        assert (first.new, second.new, second.job_id) == (True, False, first.job_id)
        assert len(jobs_of(hanging, wanted)) == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"training": training_file(13)},
            {"base_model": "extractive-2"},
            {"method": "dpo"},
            {"hyperparameters": {"n_epochs": 3}},
        ],
    )
    def test_another_request_has_another_key(self, change: dict[str, Any]) -> None:
        wanted = request()
        assert replace(wanted, **change).key != wanted.key

    def test_a_job_is_found_at_the_provider_when_the_records_are_lost(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        first = tuning.submit(wanted, now=clock.now)
        documents.database[COLLECTION].drop()
        second = tuning.submit(wanted, now=clock.now)
        assert (second.job_id, second.new) == (first.job_id, False)
        assert len(jobs_of(hanging, wanted)) == 1

    def test_a_provider_that_keeps_no_metadata_is_served_too(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        with monkeypatch.context() as patched, killed(JobRecords, "submitted", before=True):
            patched.setattr("resources.fine_tuning_api._KEY", "dropped")
            tuning.submit(wanted, now=clock.now)
        clock.sleep(60)
        assert not tuning.submit(wanted, now=clock.now).new

    def test_the_key_shows_nowhere(self, documents: DocumentStore) -> None:
        assert "secret" not in repr(FineTuning(None, documents, "secret"))


class TestTwoAtOnce:
    def test_one_wins(self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock) -> None:
        tuning, wanted = at(hanging, documents), request()
        start = threading.Barrier(6)

        def submit(_: int) -> str:
            start.wait()
            try:
                return tuning.submit(wanted, now=clock.now).job_id
            except ServiceError as error:
                return f"{error} {error.transient}"

        with ThreadPoolExecutor(6) as pool:
            answers = set(pool.map(submit, range(6)))
        ids = {answer for answer in answers if answer.startswith("ftjob-")}
        assert all("is being submitted by" in other and other.endswith("True") for other in answers - ids)
        assert [each.id for each in jobs_of(hanging, wanted)] == list(ids)

    def test_the_other_is_told_who_has_it_and_takes_over_when_that_one_is_silent(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        JobRecords(documents.database[COLLECTION]).hold(wanted.key, "elsewhere/7/1/abc", clock.now(), {})
        with pytest.raises(ServiceError, match="submitted by elsewhere/7/1/abc, which has until 12:02:00") as told:
            tuning.submit(wanted, now=clock.now)
        assert told.value.transient
        clock.sleep(LEASE.total_seconds())
        assert tuning.submit(wanted, now=clock.now).new

    def test_who_was_overtaken_while_uploading_asks_for_nothing(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        real = FineTuningApi.uploaded

        def slow(self: FineTuningApi, key: str, content: bytes) -> str:
            clock.sleep(LEASE.total_seconds())
            JobRecords(documents.database[COLLECTION]).hold(key, "elsewhere/7/1/abc", clock.now(), {})
            return real(self, key, content)

        monkeypatch.setattr(FineTuningApi, "uploaded", slow)
        with pytest.raises(ServiceError, match="elsewhere"):
            tuning.submit(wanted, now=clock.now)
        assert not jobs_of(hanging, wanted)


class TestProviderFaults:
    def test_a_lost_answer_is_looked_for(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server({"submits": {"fine_tuning.jobs": [{"kind": "cut"}]}}) as server:
            job = at(server, documents).submit(request(), now=clock.now)
            assert job.new
            assert server.requests().created["fine_tuning.jobs"] == 1

    def test_what_was_refused_can_be_asked_for_again_at_once(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server({"submits": {"fine_tuning.jobs": [{"kind": "rate_limit"}]}}) as server:
            tuning, wanted = at(server, documents), request()
            with pytest.raises(ServiceError, match="limits requests") as told:
                tuning.submit(wanted, now=clock.now)
            assert told.value.transient
            assert "generation" not in str(told.value)  # whose settings have no part in it
            assert tuning.submit(wanted, now=clock.now).new
            assert server.requests().created["fine_tuning.jobs"] == 1

    def test_a_failing_server_is_asked_again_once_it_is_clear_that_nothing_came_of_it(
        self, documents: DocumentStore, clock: Clock
    ) -> None:
        with running_model_server({"submits": {"fine_tuning.jobs": [{"kind": "server_error"}]}}) as server:
            tuning, wanted = at(server, documents), request()
            for words in ("failed", "the answer was lost"):
                with pytest.raises(ServiceError, match=words) as told:
                    tuning.submit(wanted, now=clock.now)
                assert told.value.transient
            clock.sleep(15)
            assert tuning.submit(wanted, now=clock.now).new
            assert server.requests().created["fine_tuning.jobs"] == 1

    def test_what_the_provider_rejects_is_said_in_its_words(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning = at(hanging, documents)
        for _ in range(2):
            with pytest.raises(ServiceError, match="gpt-9") as told:
                tuning.submit(request(base_model="gpt-9", hyperparameters={}), now=clock.now)
            assert not told.value.transient

    def test_nothing_is_asked_for_without_the_database(self, hanging: RunningModelServer, clock: Clock) -> None:
        unreachable = DocumentStore("mongodb://127.0.0.1:9/?directConnection=true", "x", timeout_seconds=0.2)
        wanted = request()
        with pytest.raises(ServiceError, match="MongoDB does not answer"):
            at(hanging, unreachable).submit(wanted, now=clock.now)
        assert not jobs_of(hanging, wanted)
