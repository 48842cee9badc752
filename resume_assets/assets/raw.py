"""The raw layer: bytes from the object store to `data/input/`, untouched."""

import json
from pathlib import Path

import dagster as dg

from resources.object_store import ObjectStore
from resume_assets.assets.common import OWNERS, told_clearly
from resume_assets.settings import Settings


def fetch(store: ObjectStore, key: str, target: Path) -> tuple[str, bool]:
    """Bring the object to `target` unless that holds it already; returns its etag and whether it was downloaded.

    A note beside the file says which version it is; a file whose size is not the noted one is fetched again.
    """
    etag = store.etag(key)
    note = target.with_name(f".{target.name}.version")
    if target.is_file() and note.is_file():
        known = json.loads(note.read_text())
        if known == {"etag": etag, "size": target.stat().st_size}:
            return etag, False
    store.download(key, target)
    note.write_text(json.dumps({"etag": etag, "size": target.stat().st_size}))
    return etag, True


def input_file(settings: Settings, key: str) -> Path:
    """Where a raw object lies on this machine."""
    return settings.data_folder / "input" / Path(key).name


def _fetched(
    context: dg.AssetExecutionContext, settings: Settings, store: ObjectStore, key: str
) -> dg.MaterializeResult[None]:
    with told_clearly(context, settings.retries):
        target = input_file(settings, key)
        etag, downloaded = fetch(store, key, target)
        context.log.info(f"{key}: {'downloaded' if downloaded else 'unchanged, not downloaded again'}")
        return dg.MaterializeResult(
            data_version=dg.DataVersion(etag),
            metadata={
                "source": store.address(key),
                "path": dg.MetadataValue.path(str(target)),
                "bytes": target.stat().st_size,
                "downloaded": downloaded,
            },
        )


@dg.asset(group_name="raw", kinds={"s3", "csv"}, owners=OWNERS, code_version="1")
def raw_resumes(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], raw_objects: dg.ResourceParam[ObjectStore]
) -> dg.MaterializeResult[None]:
    """The resumes as they came, with every fault they have."""
    return _fetched(context, settings, raw_objects, settings.data.resumes_object)


@dg.asset(group_name="raw", kinds={"s3", "csv"}, owners=OWNERS, code_version="1")
def raw_postings(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], raw_objects: dg.ResourceParam[ObjectStore]
) -> dg.MaterializeResult[None]:
    """The job postings as they came, with every fault they have."""
    return _fetched(context, settings, raw_objects, settings.data.postings_object)
