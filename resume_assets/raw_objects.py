"""Raw objects and their copies on this machine: which there are, and bringing one here."""

import json
from pathlib import Path, PurePosixPath

from resources.errors import ServiceError
from resources.object_store import ObjectStore, ObjectVersion


def listed(store: ObjectStore, pattern: str) -> dict[str, ObjectVersion]:
    """The objects that `pattern` stands for, in order of name; without `*` and `?` it is the name of one.

    Raises ServiceError when there are none.
    """
    if not set("*?") & set(pattern):
        return {pattern: store.version(pattern)}
    found = store.matching(pattern)
    if not found:
        raise ServiceError(
            f"No object matches {store.address(pattern)}.",
            "Put one there, or correct the pattern under `data` in config/pipeline.yaml.",
        )
    return found


def local_copy(folder: Path, key: str) -> Path:
    """Where a raw object lies on this machine; `folder` is the data folder."""
    return folder / "input" / local_name(key)


def local_name(key: str) -> str:
    """The object's key as a path that stays inside the folder that it is put under."""
    return "/".join(part for part in PurePosixPath(key).parts if part not in ("/", ".."))


def fetch(store: ObjectStore, key: str, etag: str, target: Path) -> bool:
    """Bring this version of the object to `target` unless that holds it already; returns whether it was downloaded.

    A note beside the file says which version it is; a file whose size is not the noted one is fetched again.
    """
    note = _beside(target, "version")
    if target.is_file() and note.is_file():
        known = json.loads(note.read_text())
        if known == {"etag": etag, "size": target.stat().st_size}:
            return False
    store.download(key, target)
    if store.version(key).etag != etag:
        raise ServiceError(f"{store.address(key)} changed while it was read.", "Run it again.", transient=True)
    note.write_text(json.dumps({"etag": etag, "size": target.stat().st_size}))
    return True


def texts_file(target: Path) -> Path:
    """Where the texts of a fetched object are remembered."""
    return _beside(target, "texts.parquet")


def forget(store: ObjectStore, key: str, target: Path) -> None:
    """Remove the copy of an object that is gone, and what is remembered of it; never the object itself."""
    for file in (_beside(target, "version"), texts_file(target)):
        file.unlink(missing_ok=True)
    if Path(store.address(key)).resolve() != target.resolve():
        target.unlink(missing_ok=True)


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")
