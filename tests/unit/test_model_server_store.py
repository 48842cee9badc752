"""Documents on disk: whole, in order, and there again for the next server."""

import threading
from pathlib import Path

import pytest

from model_server.state import State
from model_server.store import Document, StateError, Store, atomic


class Note(Document):
    text: str = ""
    number: int = 0


def note(name: str, text: str = "") -> Note:
    return Note(id=name, created_at=1, text=text)


def test_the_next_server_finds_all_in_the_order_made(tmp_path: Path) -> None:
    store = Store(tmp_path, Note)
    for name in ("b", "ft:a:1", "c", "gone"):
        store.put(note(name))
    store.update("b", lambda one: one.model_copy(update={"text": "changed"}))
    store.delete("gone")
    assert Store(tmp_path, Note).all() == store.all()
    assert [(one.id, one.text) for one in store.all()] == [("b", "changed"), ("ft:a:1", ""), ("c", "")]


def test_a_write_that_fails_leaves_what_was(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")

    def write() -> None:
        with atomic(file) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_what_a_crash_left_half_written_is_not_seen(tmp_path: Path) -> None:
    Store(tmp_path, Note).put(note("a"))
    (tmp_path / ".tmp1234").write_text('{"id": "b"')
    assert [one.id for one in Store(tmp_path, Note).all()] == ["a"]
    assert len(list(tmp_path.iterdir())) == 1


def test_updates_of_many_threads_are_all_there(tmp_path: Path) -> None:
    store = Store(tmp_path, Note)
    store.put(note("a"))

    def count() -> None:
        for _ in range(20):
            store.update("a", lambda one: one.model_copy(update={"number": one.number + 1}))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store["a"].number == Store(tmp_path, Note)["a"].number == 80


def test_what_is_for_the_server_alone_is_not_shown() -> None:
    class Secretive(Note):
        INTERNAL = frozenset({"text"})

    assert Secretive(id="a", created_at=1, text="secret").wire() == {"id": "a", "created_at": 1, "number": 0}


def test_a_document_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"id": "a"}')
    with pytest.raises(StateError, match=r"a\.json"):
        Store(tmp_path, Note)


def test_a_folder_is_one_servers_at_a_time(tmp_path: Path) -> None:
    first = State(tmp_path)
    with pytest.raises(StateError, match="another model server"):
        State(tmp_path)
    first.close()
    State(tmp_path).close()
