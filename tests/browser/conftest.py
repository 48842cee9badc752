"""A headless Chromium for the browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.setup import browser


# For a module and not for the session: while it is open, Playwright holds this thread's event loop, and whatever test
# file comes next in the same process may need one.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a module; each opens its own page."""
    path = browser()
    if path is None:
        pytest.fail("There is no Chromium on this machine: `make test` installs it, or install it yourself.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            ],
        )
        yield launched
        launched.close()
