"""The asset graph: Dagster glue, kept thin. The wiring is in `resume_assets.definitions`, nowhere else."""

import warnings

# Data versions, pandera types and partitioned checks are new in the Dagster that we pin: nothing for a user to mend.
warnings.filterwarnings("ignore", message=r".* is currently in (beta|preview)")
