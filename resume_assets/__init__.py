"""The asset graph: Dagster glue, kept thin. The wiring is in `resume_assets.definitions`, nowhere else."""
