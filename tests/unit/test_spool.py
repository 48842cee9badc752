"""A day's documents on disk: what comes in any order goes out in one, as it was."""

from pathlib import Path

from resume_assets.spool import spool
from tests.unit.test_schemas import document


def test_documents_come_back_whole_in_the_order_of_their_ids(tmp_path: Path) -> None:
    ids = [f"{number:016x}-{number:016x}" for number in (3, 1, 2)]
    documents = [document().model_copy(update={"id": each}) for each in ids]
    with spool(tmp_path) as written:
        for each in documents:
            written.add(each)
        assert len(written) == 3
        assert list(written) == sorted(documents, key=lambda each: each.id)


def test_a_later_document_takes_the_place_of_an_earlier_one_of_its_pair(tmp_path: Path) -> None:
    with spool(tmp_path) as written:
        written.add(document())
        written.add(document().model_copy(update={"arm": "other"}))
        assert [each.arm for each in written] == ["other"]


def test_a_spool_has_no_name_that_a_killed_run_could_leave_behind(tmp_path: Path) -> None:
    with spool(tmp_path / "data") as written:
        written.add(document())
        assert list((tmp_path / "data").iterdir()) == []
