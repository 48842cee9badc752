"""Fine-tuning is paid for once, whatever is killed or ended badly."""

import os
import signal
import subprocess
import sys

import pytest

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.fine_tuning import JobGoneError, JobRequest
from resources.fine_tuning_api import FineTuningApi
from resources.job_records import COLLECTION, JobRecords
from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.fine_tuning.tuning import Clock, at, client_of, jobs_of, killed, request, wait

BOUNDARIES = [
    (owner, method, before)
    for owner, method in [
        (JobRecords, "hold"),
        (FineTuningApi, "find"),
        (FineTuningApi, "uploaded"),
        (JobRecords, "note"),
        (FineTuningApi, "create"),
        (JobRecords, "submitted"),
    ]
    for before in (True, False)
]


class TestCrash:
    @pytest.mark.parametrize(("owner", "method", "before"), BOUNDARIES)
    def test_a_run_killed_between_any_two_steps_pays_once(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        owner: type,
        method: str,
        before: bool,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        with killed(owner, method, before=before):
            tuning.submit(wanted, now=clock.now)
        clock.sleep(15)
        job = tuning.submit(wanted, now=clock.now)
        assert [each.id for each in jobs_of(hanging, wanted)] == [job.job_id]
        assert not tuning.submit(wanted, now=clock.now).new
        files = client_of(hanging.base_url).files.list()
        assert sum(file.filename.startswith(wanted.key) for file in files) == 1

    def test_a_process_that_is_killed_leaves_its_job_to_the_next(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock, mongo_uri: str
    ) -> None:
        wanted = JobRequest(b"{}\n", "extractive-1", "supervised")
        script = f"""
import datetime as dt, os, signal
from resources.document_store import DocumentStore
from resources.fine_tuning import FineTuning, JobRequest
from resources.job_records import JobRecords
JobRecords.submitted = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
documents = DocumentStore({mongo_uri!r}, {documents.database_name!r})
now = dt.datetime.fromisoformat("{clock.now().isoformat()}")
request = JobRequest(b"{{}}\\n", "extractive-1", "supervised")
FineTuning({hanging.base_url!r}, documents).submit(request, now=lambda: now)
"""
        killed = subprocess.run([sys.executable, "-c", script], env=dict(os.environ), timeout=60, check=False)
        assert killed.returncode == -signal.SIGKILL
        job = at(hanging, documents).submit(wanted, now=clock.now)
        assert not job.new
        assert [each.id for each in jobs_of(hanging, wanted)] == [job.job_id]

    def test_nobody_asks_again_while_the_first_request_may_still_be_under_way(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        with killed(FineTuningApi, "create", before=True):
            tuning.submit(wanted, now=clock.now)
        with pytest.raises(ServiceError, match="the answer was lost") as told:
            tuning.submit(wanted, now=clock.now)
        assert told.value.transient
        assert not jobs_of(hanging, wanted)


class TestEndedBadly:
    def test_a_failed_job_is_paid_for_again_only_when_asked(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server({"jobs": [{"fail": "GPU on fire."}]}) as server:
            tuning, wanted = at(server, documents), request()
            first = tuning.submit(wanted, now=clock.now)
            for ask in (lambda: wait(tuning, first.job_id), lambda: tuning.submit(wanted, now=clock.now)):
                with pytest.raises(ServiceError, match=r"failed: GPU on fire\. .*`again: true`") as told:
                    ask()
                assert not told.value.transient
            second = tuning.submit(wanted, now=clock.now, again=True)
            repeated = tuning.submit(wanted, now=clock.now, again=True)
            assert (second.new, repeated.new, repeated.job_id) == (True, False, second.job_id)
            assert wait(tuning, second.job_id).model
            assert not tuning.submit(wanted, now=clock.now, again=True).new
            assert server.requests().created["fine_tuning.jobs"] == 2

    @pytest.mark.parametrize(
        ("owner", "method", "before"),
        [
            (JobRecords, "reopen", False),
            (JobRecords, "hold", False),
            (FineTuningApi, "create", False),
            (JobRecords, "submitted", False),
        ],
    )
    def test_trying_again_is_safe_to_kill_too(
        self,
        failing: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        owner: type,
        method: str,
        before: bool,
    ) -> None:
        tuning, wanted = at(failing, documents), request()
        first = tuning.submit(wanted, now=clock.now)
        with pytest.raises(ServiceError, match="GPU on fire"):
            wait(tuning, first.job_id)
        with killed(owner, method, before=before):
            tuning.submit(wanted, now=clock.now, again=True)
        clock.sleep(15)
        second = tuning.submit(wanted, now=clock.now)
        assert {each.id for each in jobs_of(failing, wanted)} == {first.job_id, second.job_id}
        assert len(jobs_of(failing, wanted)) == 2

    def test_a_job_that_the_provider_lost_is_said_and_can_be_replaced(
        self, well_behaved: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(well_behaved, documents), request()
        records = JobRecords(documents.database[COLLECTION])
        records.hold(wanted.key, "x/1/1/x", clock.now(), {})
        records.submitted(wanted.key, "ftjob-gone", clock.now())
        with pytest.raises(JobGoneError, match="ftjob-gone") as told:
            wait(tuning, tuning.submit(wanted, now=clock.now).job_id)
        assert not told.value.transient
        assert tuning.submit(wanted, now=clock.now, again=True).new
