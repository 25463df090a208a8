"""In a real browser a page is soon there, asks nobody for anything, and is open to everybody."""

import json
from dataclasses import replace

import pytest

from conformance.notes.errata import Note
from conformance.notes.model import Edit, Finding
from conformance.notes.reading import decoded
from conformance.report import render, render_errata
from reference.catalogue import CATALOGUE
from tests.accessibility import apart_from_contrast, contrast, kinds, opened
from tests.browser import ALL_LAID_OUT, OPENED, chromium, resized, until
from tests.certificates import cell, certificate
from tests.large_certificates import FULL, SMALL, published

OUTCOMES = ("crashed", "error", "stale waiver", "lost", "not run", "undecided", "waived", "not offered", "failed")
SIGNS = "Fix any of the following:\n  Element content contains only non-text characters"


def everything():
    """A whole run, and every outcome and letter that there is."""
    rows = [cell("adam", "value", outcome, mode=f"m{i}", message="why") for i, outcome in enumerate(OUTCOMES)]
    rows += [cell("adam", "value", "failed", letter=x, strain=2.0, mode=f"l{x}") for x in "BCD"]
    rows += [cell("adam", "value", letter="N", strain=0.5, mode="lN")]
    erratum = {"file": "note.md", "line": 3, "text": "v - g", "verdict": "wrong", "reason": "a sign", "corrected": "v"}
    return certificate(*FULL["cells"], *rows, errata=[erratum], partial=True)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "full.html").write_text(render(everything(), history=[SMALL]), encoding="utf-8")
    return (folder / "full.html").as_uri()


@pytest.fixture(scope="module")
def torch(tmp_path_factory):
    place = tmp_path_factory.mktemp("published") / "torch.html"
    place.write_text(render(published()), encoding="utf-8")
    return place.as_uri()


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as made:
        yield made


@pytest.mark.parametrize("which", ["page", "torch"])
def test_a_page_opens_within_a_second_and_asks_nobody_for_anything(driver, request, which):
    page = request.getfixturevalue(which)
    driver.get_log("performance")
    driver.get(page)
    took = until(driver, OPENED)
    sent = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    wishes = [m["params"] for m in sent if m["method"] == "Network.requestWillBeSent"]
    asked = {w["request"]["url"] for w in wishes if w["documentURL"] == page}  # a new tab asks for things of its own
    assert page in asked
    assert {url for url in asked if not url.startswith(("file:", "data:"))} == set()
    assert [e for e in driver.get_log("browser") if e["level"] == "SEVERE"] == []
    for _ in range(2):  # what else the machine does may take a second of its own
        if took >= 1000:
            driver.get(page)
            took = until(driver, OPENED)
    assert took < 1000


def test_nothing_on_the_whole_page_keeps_a_reader_out(driver, page):
    """Colours apart, everything that axe has a rule for, on each of some 27,000 elements."""
    opened(driver, page, "light")
    assert apart_from_contrast(driver) == {"bad": [], "open": []}


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_kind_of_text_on_the_whole_page_can_be_read_on_its_ground(driver, page, colours):
    opened(driver, page, colours)
    texts, one_of_each = kinds(driver)
    assert texts > 50 * len(one_of_each) > 5000
    found = contrast(driver, one_of_each)
    assert found["bad"] == []
    assert {why for *_, why in found["open"]} == {SIGNS}, "of which the page's own test knows the palette"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_errata_of_a_note_keep_no_reader_out(driver, tmp_path, colours):
    found = Finding(1, 10, "wrong", "a sign", "adam", counterexample={"m": 1}, edits=(Edit(7, 8, "-"),))
    found = found, replace(found, verdict="incomplete", edits=(), choices=((Edit(7, 8, "-"),),))
    found += replace(found[1], verdict="dialect"), replace(found[1], verdict="lint", rule="caption")
    place = tmp_path / "errata.html"
    place.write_text(render_errata([Note(decoded("note.md", b"$v = m + 1$"), found)]), encoding="utf-8")
    opened(driver, place.as_uri(), colours)
    assert apart_from_contrast(driver)["bad"] == []
    assert contrast(driver)["bad"] == []


def test_one_pale_text_among_all_is_a_kind_of_its_own(driver, page):
    opened(driver, page, "dark")
    driver.execute_script("[...document.querySelectorAll('.eq p.dim')].at(-1).style.color = '#444'")
    assert [name for name, *_ in contrast(driver, kinds(driver)[1])["bad"]] == ["color-contrast"]


@pytest.mark.parametrize("which", ["page", "torch"])
def test_a_phone_needs_no_scrolling_sideways(driver, request, which):
    resized(driver, 360, 740)
    driver.get(request.getfixturevalue(which))
    driver.execute_script(ALL_LAID_OUT)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
    resized(driver, 1280, 900)


def test_a_filter_hides_rows_and_stays_in_the_address(driver, page):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    driver.get(page)
    driver.find_element(By.TAG_NAME, "body").send_keys("/")
    field = driver.switch_to.active_element
    field.send_keys("adam -amsgrad")
    shown = "return [...document.querySelectorAll('tr[data-eq]')].filter(r => !r.hidden).map(r => r.dataset.eq)"
    some = driver.execute_script(shown)
    assert "adam" in some
    assert "sigmoid" not in some
    there = until(driver, "return location.hash.includes('amsgrad') && location.href")
    driver.get(there.replace("full.html", "full.html?again"))
    until(driver, "return location.search === '?again' && document.readyState === 'complete'")
    assert driver.execute_script(shown) == some
    field = driver.find_element(By.ID, "q")
    field.send_keys(Keys.ESCAPE)
    assert len(driver.execute_script(shown)) == len(CATALOGUE)
    assert "#q" not in driver.execute_script("return location.href")


def test_arrows_move_in_the_matrix_and_enter_opens_the_equation(driver, page):
    from selenium.webdriver.common.keys import Keys

    driver.get(page)
    driver.execute_script("document.querySelector('td[tabindex=\"0\"]').focus()")
    first = driver.execute_script("return document.activeElement.parentNode.dataset.eq")
    driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    second = driver.execute_script("return document.activeElement.parentNode.dataset.eq")
    assert second not in (None, first)
    driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT, Keys.ENTER)
    assert driver.execute_script("return document.getElementById('eq-' + arguments[0]).open", second)


def test_everything_is_there_without_javascript(tmp_path, page):
    from selenium.webdriver.common.by import By

    with chromium(tmp_path / "profile", scripted=False) as driver:
        driver.get(page)
        assert "scripted" not in (driver.find_element(By.TAG_NAME, "html").get_attribute("class") or "")
        assert len(driver.find_elements(By.CSS_SELECTOR, "tr[data-eq]")) == len(CATALOGUE)
        assert not driver.find_element(By.ID, "q").is_displayed()


def test_a_printed_page_has_all_of_the_matrix(driver, page):
    driver.get(page)
    made = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert len(made["data"]) > 100_000
