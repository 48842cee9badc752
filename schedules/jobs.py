"""The jobs: which assets run together."""

from typing import Any

import dagster as dg

INGEST = "ingest"
PREPARE = {"resumes": "prepare_resumes", "postings": "prepare_postings"}
GENERATE_DAY = "generate_day"
CALIBRATE = "calibrate_judges"
LEARN_DAY = "learn_day"
REPORT_DAY = "report_day"


def all_jobs() -> list[Any]:  # dagster does not export the type of such a job
    """Each part of the loop as a job of its own: each can be run, and past days filled in, without the others."""
    return [
        dg.define_asset_job(
            INGEST,
            selection=dg.AssetSelection.groups("raw", "cleaned", "pairs"),
            description="Raw objects, each prepared unless that is done, joined, validated and matched into pairs.",
        ),
        *(
            dg.define_asset_job(
                name,
                selection=dg.AssetSelection.assets(f"prepared_{what}"),
                description=f"One object of {what}, prepared for `ingest`, which does so itself otherwise.",
            )
            for what, name in PREPARE.items()
        ),
        dg.define_asset_job(
            GENERATE_DAY,
            selection=dg.AssetSelection.assets("generated_resumes", "daily_collection"),
            description="One tailored resume for each pair, in the collection of the day.",
        ),
        dg.define_asset_job(
            LEARN_DAY,
            selection=dg.AssetSelection.assets("labelled_resumes") | dg.AssetSelection.groups("learning"),
            description="From a day's labels to a fine-tuned model, and to the champion if it is better. "
            "Touches no collection.",
        ),
        dg.define_asset_job(
            REPORT_DAY,
            selection=dg.AssetSelection.groups("reports", "judges"),
            description="The figures of a day for people, and how far the judges agree with all labels so far.",
        ),
        dg.define_asset_job(
            CALIBRATE,
            selection=dg.AssetSelection.groups("judges"),
            description="How far the automatic judges agree with all labels so far.",
        ),
    ]
