"""A real browser looks at a page: Chromium without a window, which must ask nobody for anything."""

import shutil
from contextlib import contextmanager

import pytest

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

OPENED = "return performance.getEntriesByType('navigation')[0].duration"  # milliseconds, 0 until the page is there

# What nobody has scrolled to is not laid out; a test that looks at a whole page wants all of it.
ALL_LAID_OUT = """
const all = document.createElement('style');
all.textContent = '*{content-visibility:visible!important}';
document.head.append(all);
document.querySelectorAll('details').forEach(d => d.open = true);
"""


@contextmanager
def chromium(folder, *, scripted=True):
    """A driver with a log of its requests; skips where there is no Chromium."""
    pytest.importorskip("selenium", reason="selenium is not installed")
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("no chromium and chromedriver here (Debian's packages chromium and chromium-driver)")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    if not scripted:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield made
    finally:
        made.quit()


def until(driver, script, *arguments):
    """Waits until a script says something true, as a person waits for a page; ten seconds at most."""
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, 10, poll_frequency=0.02).until(lambda d: d.execute_script(script, *arguments))


def resized(driver, width, height):
    """The window as a device of this size has it; a real window is never that narrow."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
    )


def scheme(driver, name):
    wish = {"name": "prefers-color-scheme", "value": name}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [wish]})
