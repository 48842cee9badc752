"""The jobs: which assets run together."""

from typing import Any

import dagster as dg

INGEST = "ingest"
GENERATE_DAY = "generate_day"


def all_jobs() -> list[Any]:  # dagster does not export the type of such a job
    """`ingest` brings the raw files to pairs; `generate_day` writes one day's collection."""
    return [
        dg.define_asset_job(
            INGEST,
            selection=dg.AssetSelection.groups("raw", "cleaned", "pairs"),
            description="Raw files from the object store, cleaned, validated and matched into pairs.",
        ),
        dg.define_asset_job(
            GENERATE_DAY,
            selection=dg.AssetSelection.groups("daily"),
            description="One tailored resume for each pair, in the collection of the day.",
        ),
    ]
