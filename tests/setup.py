"""Installs what the test-suite needs beyond Python packages: a browser, and a reader of PDFs. Run by `make test`."""

import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PDF_READERS = ("pdftotext",)


def browser() -> str | None:
    """The path of a Chromium on this machine."""
    return _first_of(BROWSERS)


def _first_of(programs: tuple[str, ...]) -> str | None:
    return next((path for name in programs if (path := shutil.which(name))), None)


def main() -> None:
    """Install with apt-get what is missing, where it can be done."""
    needed = {"chromium": BROWSERS, "poppler-utils": PDF_READERS}
    missing = [package for package, programs in needed.items() if not _first_of(programs)]
    if not missing:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(
            f"The tests need {' and '.join(missing)}: "
            f"install it (Debian, Ubuntu: apt-get install {' '.join(missing)}) and run again."
        )
    print(f"Installing {' and '.join(missing)} for the tests", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )


if __name__ == "__main__":
    main()
