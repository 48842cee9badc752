"""Installs what the test-suite needs beyond Python packages: a browser. Run by `make test`."""

import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser() -> str | None:
    """The path of a Chromium on this machine."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def main() -> None:
    """Install Chromium with apt-get where there is none and it can be done."""
    if browser():
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(
            "The browser tests need Chromium: install it (Debian, Ubuntu: apt-get install chromium) and run again."
        )
    print("Installing Chromium for the browser tests", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )


if __name__ == "__main__":
    main()
