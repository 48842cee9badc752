"""The jobs: which assets run together."""

from typing import Any

import dagster as dg

INGEST = "ingest"
GENERATE_DAY = "generate_day"
CALIBRATE = "calibrate_judges"


def all_jobs() -> list[Any]:  # dagster does not export the type of such a job
    """`ingest` makes pairs of raw files, `generate_day` writes a day's collection, `calibrate_judges` looks back."""
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
        dg.define_asset_job(
            CALIBRATE,
            selection=dg.AssetSelection.groups("judges"),
            description="How far the automatic judges agree with all labels so far.",
        ),
    ]
