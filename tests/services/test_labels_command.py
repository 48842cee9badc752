"""`labels export` and `labels import` on a real database: nothing lost on the way, nothing of others overwritten."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from resources.document_store import Document, DocumentStore
from resources.labels import Label, Labels, is_overlap
from resume_assets.cli import app
from resume_assets.partitions import collection_name
from resume_assets.schemas import DAY_VALIDATOR
from resume_assets.settings import CONFIG_VARIABLE, Settings

DAY, NEXT_DAY = "2026-07-23", "2026-07-24"
NOON = dt.datetime(2026, 7, 23, 12, 30, 15, 123000, dt.UTC)
HEADER = "document_id,score,truthfulness,didBy,labelled_at,note\n"
SHARE = 0.5  # of the documents goes to two people


class Database:
    """A database of its own with unlabelled documents, and the command line that is pointed at it."""

    def __init__(self, uri: str, settings: Settings) -> None:
        self.store = DocumentStore(uri, f"test_{uuid.uuid4().hex}")
        self.labels = Labels(self.store, overlap_share=SHARE)
        self.environ = {
            "MONGO_URI": uri,
            "MONGO_DB_NAME": self.store.database_name,
            CONFIG_VARIABLE: str(settings.config_file),
            "COLUMNS": "300",
        }
        for day in (DAY, NEXT_DAY):
            documents = [document(day, number) for number in range(6)]
            self.store.publish_day(collection_name(day), day, documents, validator=DAY_VALIDATOR, now=NOON)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["labels", *arguments], env=self.environ)

    def all_labels(self) -> dict[str, list[Any]]:
        return {each["_id"]: each["labels"] for each in self.store.labelled()}


def document(day: str, number: int) -> Document:
    pair = f"{number:016x}-{number:016x}"
    texts = dict.fromkeys(("resume_text", "job_descriptions", "generated_resume", "prompt"), "text")
    return {"_id": f"{day}/{pair}", "id": pair, "partition_date": day, "generation_id": "g1", **texts}


def ids(day: str, *, overlap: bool) -> list[str]:
    every = [document(day, number)["_id"] for number in range(6)]
    return [each for each in every if is_overlap(each, SHARE) is overlap]


@pytest.fixture
def database(mongo_uri: str, project: Callable[..., Settings]) -> Iterator[Callable[[], Database]]:
    def share(config: dict[str, Any]) -> None:
        config["labelling"]["documents_overlap_share"] = SHARE

    settings = project(share)
    made: list[Database] = []

    def make() -> Database:
        made.append(Database(mongo_uri, settings))
        return made[-1]

    yield make
    for each in made:
        each.store.database.client.drop_database(each.store.database_name)


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], str]:
    def write(rows: str) -> str:
        file = tmp_path / "labels.csv"
        file.write_text(HEADER + rows)
        return str(file)

    return write


def test_what_is_exported_and_imported_elsewhere_is_the_same(database: Any, tmp_path: Path) -> None:
    here, there = database(), database()
    once, twice = ids(DAY, overlap=False)[0], ids(DAY, overlap=True)[0]
    here.labels.record(once, Label("ana", 88, True, NOON, '=1 "note", two\nlines', 41.5))
    here.labels.record(twice, Label("ben", 0, False, NOON))
    here.labels.record(twice, Label("ana", 3, False, NOON + dt.timedelta(hours=1), "après"))
    here.labels.record(ids(NEXT_DAY, overlap=False)[0], Label("zoë", 100, True, NOON))
    file = str(tmp_path / "labels.csv")
    assert here.run("export", "-o", file).exit_code == 0
    told = there.run("import", file)
    assert told.exit_code == 0, told.output
    assert "4 labels imported" in told.output
    assert there.all_labels() == here.all_labels()
    again = there.run("import", file)
    assert (again.exit_code, "0 labels imported, 4 were there already" in again.output) == (0, True)


def test_an_export_is_of_the_days_that_are_asked_for(database: Any, tmp_path: Path) -> None:
    here = database()
    for day in (DAY, NEXT_DAY):
        here.labels.record(document(day, 1)["_id"], Label("ana", 88, True, NOON))
    file = tmp_path / "labels.csv"
    for options, days in {
        ("--day", DAY): [DAY],
        ("--from", NEXT_DAY): [NEXT_DAY],
        ("--to", DAY): [DAY],
        ("--from", DAY, "--to", NEXT_DAY): [DAY, NEXT_DAY],
    }.items():
        assert here.run("export", "-o", str(file), *options).exit_code == 0
        assert [line[:10] for line in file.read_text("utf-8-sig").splitlines()[1:]] == days, options
    assert here.run("export", "-o", str(file), "--day", DAY, "--to", DAY).exit_code == 2


def test_a_label_that_cannot_be_used_is_told_and_left_out(database: Any, tmp_path: Path) -> None:
    here = database()
    here.labels.record(document(DAY, 1)["_id"], Label("ana", 88, True, NOON))
    target = here.store.database[collection_name(DAY)]
    target.database.command("collMod", target.name, validator={})
    target.update_one({"_id": document(DAY, 2)["_id"]}, {"$set": {"score": 140, "labelled_at": NOON}})
    told = here.run("export", "-o", str(tmp_path / "labels.csv"))
    assert "1 labels of 1 documents" in told.output
    assert document(DAY, 2)["_id"] in told.output


def test_one_bad_row_and_nothing_is_imported(database: Any, csv: Any) -> None:
    here = database()
    good, other = ids(DAY, overlap=False)[:2]
    told = here.run(
        "import", csv(f"{good},88,yes,ana,,\n{other},140,yes,ana,,\n2026-07-23/none,1,no,ana,,\nnone,1,no,ana,,\n")
    )
    assert told.exit_code == 1
    assert f"line 3: {other}: The score" in told.output
    assert "line 4: 2026-07-23/none: there is no such document" in told.output
    assert "line 5: none: there is no such document" in told.output
    assert "0 labels imported" in told.output
    assert here.all_labels() == {}


def test_with_partial_the_good_rows_are_imported_and_the_status_still_tells(database: Any, csv: Any) -> None:
    here = database()
    good, other = ids(DAY, overlap=False)[:2]
    told = here.run("import", "--partial", csv(f"{good},88,yes,ana,,\n{other},140,yes,ana,,\n"))
    assert told.exit_code == 1
    assert "1 labels imported" in told.output
    assert list(here.all_labels()) == [good]


def test_nobodys_label_is_overwritten(database: Any, csv: Any) -> None:
    here = database()
    taken, shared = ids(DAY, overlap=False)[0], ids(DAY, overlap=True)[0]
    here.labels.record(taken, Label("ana", 88, True, NOON))
    here.labels.record(shared, Label("ana", 70, True, NOON))
    before = here.all_labels()[taken]
    told = here.run(
        "import",
        "--partial",
        csv(
            f"{taken},10,no,ben,,\n{taken},10,no,ana,,\n"
            f"{shared},71,yes,ben,,\n{shared},72,yes,cem,,\n{shared},73,yes,ben,,\n"
        ),
    )
    assert "line 2: " + taken + ": ana labelled it already" in told.output
    assert "line 3: " + taken + ": ana gave it 88" in told.output
    assert "line 5: " + shared + ": ana and ben labelled it already" in told.output
    assert "line 6: " + shared + ": ben gave it 71" in told.output
    after = here.all_labels()
    assert after[taken] == before
    assert [(each["didBy"], each["score"]) for each in after[shared]] == [("ana", 70), ("ben", 71)]


def test_labels_can_be_given_in_the_name_of_one_person(database: Any, tmp_path: Path) -> None:
    here = database()
    file = tmp_path / "labels.csv"
    file.write_text(f"document_id,score,truthfulness\n{document(DAY, 1)['_id']},88,TRUE\n")
    assert here.run("import", str(file)).exit_code == 1
    assert here.run("import", str(file), "--by", "ana").exit_code == 0
    ((label,),) = here.all_labels().values()
    assert (label["didBy"], label["score"]) == ("ana", 88)


def test_a_file_that_is_none_is_told_in_plain_words(database: Any, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("name,points\nana,3\n")
    told = database().run("import", str(file))
    assert told.exit_code == 1
    assert "missing: document_id, score, truthfulness" in " ".join(told.output.split())


def test_help_teaches_the_columns() -> None:
    told = CliRunner().invoke(app, ["labels", "import", "--help"], env={"COLUMNS": "200"}).output
    for word in ("document_id", "truthfulness", "--partial", "--by", "overwritten"):
        assert word in told
