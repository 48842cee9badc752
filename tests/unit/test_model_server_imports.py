"""The model server starts fast and stays small: it drags in none of the heavy libraries of the pipeline."""

import subprocess
import sys

HEAVY = {"dagster", "numpy", "openai", "pandas", "pandera", "polars", "pyarrow", "pymongo", "scipy", "sklearn"}
OURS = {"labelling", "resume_assets", "resources", "schedules"}


def test_imports_nothing_heavy_and_nothing_of_ours_but_tailoring() -> None:
    script = "import sys, model_server.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not (HEAVY | OURS) & set(loaded)
    assert "tailoring" in loaded
