"""The embedded services: started, used, stopped; nothing is left behind, and a taken port is told."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from resources.document_store import DocumentStore
from resources.embedded import documents_service, is_running, model_service, running
from resources.errors import ServiceError
from tests.conftest import free_port


def test_services_answer_while_they_run_and_are_gone_afterwards(tmp_path: Path) -> None:
    services = [documents_service(tmp_path, free_port()), model_service(tmp_path, free_port())]
    before = set(psutil.Process().children(recursive=True))
    with running(services):
        assert all(is_running(service) for service in services)
    assert not any(is_running(service) for service in services)
    assert set(psutil.Process().children(recursive=True)) == before
    assert not list(tmp_path.glob("*.json"))


def test_documents_survive_a_restart(tmp_path: Path) -> None:
    port = free_port()
    store = DocumentStore(f"mongodb://127.0.0.1:{port}/?directConnection=true", "kept")
    with running([documents_service(tmp_path, port)]):
        store.database["things"].insert_one({"_id": "a"})
    with running([documents_service(tmp_path, port)]):
        assert [each["_id"] for each in store.database["things"].find()] == ["a"]


def test_no_acknowledged_write_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    port = free_port()
    service = documents_service(tmp_path, port)
    store = DocumentStore(f"mongodb://127.0.0.1:{port}/?directConnection=true", "kept")
    with running([service]):
        for number in range(50):
            store.database["things"].insert_one({"_id": number})
        os.kill(json.loads(service.note.read_text())["pid"], signal.SIGKILL)
    with running([service]):
        assert store.database["things"].count_documents({}) == 50


def test_a_running_service_is_used_and_left_running(tmp_path: Path) -> None:
    service = model_service(tmp_path, free_port())
    with running([service]):
        with running([service]):
            assert is_running(service)
        assert is_running(service)


def test_a_port_in_use_is_told_with_its_number_and_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(ServiceError, match=f"Port {port} is in use.*services.documents_port"),
            running([documents_service(tmp_path, port)]),
        ):
            pass


def test_a_service_that_cannot_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file where the folder should be")
    with (
        pytest.raises(ServiceError, match=r"documents service ended at its start: \S"),
        running([documents_service(tmp_path, free_port())]),
    ):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_services_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from resources.embedded import *\n"
        "with running([model_service(Path(sys.argv[1]), int(sys.argv[2]))]):\n"
        "    print('ready', flush=True); sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), str(free_port())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    assert parent.stdin
    assert parent.stdout.readline() == "ready\n"
    children = psutil.Process(parent.pid).children()
    assert children
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    parent.stdin.close()
    parent.stdout.close()
