"""Waiting for a fine-tuning job over HTTP, and what is told of it."""

from dataclasses import replace
from typing import Any

import pytest

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.fine_tuning import Event
from resources.fine_tuning_api import FineTuningApi
from tests.conftest import free_port
from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.fine_tuning.tuning import Clock, at, client_of, request, wait


class TestWait:
    def test_the_time_is_over_and_waiting_goes_on_later_with_each_event_told_once(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning = at(hanging, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        told: list[Event] = []
        for _ in range(2):
            with pytest.raises(ServiceError, match="has not ended within 60 s") as late:
                wait(tuning, job_id, clock=clock, on_event=told.append)
            assert late.value.transient
        provider = client_of(hanging.base_url).fine_tuning.jobs
        provider.cancel(job_id)
        with pytest.raises(ServiceError, match="was cancelled") as ended:
            wait(tuning, job_id, clock=clock, on_event=told.append)
        all_events = [event.id for event in provider.list_events(job_id)]
        assert not ended.value.transient
        assert [event.id for event in told] == all_events[::-1]

    def test_looks_often_at_first_and_never_beyond_the_time(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning = at(hanging, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        pauses: list[float] = []

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            clock.sleep(seconds)

        with pytest.raises(ServiceError):
            wait(tuning, job_id, clock=clock, sleep=sleep, timeout_seconds=10, poll_seconds=3)
        assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
        assert max(pauses) == 3
        assert sum(pauses) == pytest.approx(10)

    def test_a_provider_that_is_away_for_a_while_is_waited_for(
        self,
        well_behaved: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning = at(well_behaved, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        away = replace(tuning, base_url=f"http://127.0.0.1:{free_port()}/v1")
        with pytest.raises(ServiceError, match="No connection") as told:
            wait(away, job_id, clock=clock)
        assert told.value.transient
        assert clock.seconds == 60
        real, answers = FineTuningApi.retrieve, iter([ServiceError("away", "", transient=True)] * 2)

        def retrieve(self: FineTuningApi, job_id: str) -> Any:
            for error in answers:
                raise error
            return real(self, job_id)

        monkeypatch.setattr(FineTuningApi, "retrieve", retrieve)
        assert wait(tuning, job_id).model

    def test_a_wrong_key_ends_the_wait_at_once(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server(api_key="right") as server:
            tuning = replace(at(server, documents), api_key="wrong")
            with pytest.raises(ServiceError, match="refused the key"):
                wait(tuning, "ftjob-x", clock=clock)
        assert clock.seconds == 0

    def test_there_is_no_model_named_none(
        self,
        well_behaved: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning = at(well_behaved, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        wait(tuning, job_id)
        real = FineTuningApi.retrieve
        monkeypatch.setattr(
            FineTuningApi, "retrieve", lambda *args: real(*args).model_copy(update={"fine_tuned_model": None})
        )
        with pytest.raises(ServiceError, match="names no model"):
            wait(tuning, job_id)
