"""The page of a certificate: complete, small, soon there, and open to everybody."""

import json
import re
import time
from html import escape
from pathlib import Path

import pytest

from conformance.report import render, render_index, render_power
from conformance.report.formulas import lines, mathml
from conformance.report.marks import joined
from conformance.report.plots import curve, histogram
from reference.catalogue import CATALOGUE
from tests.browser import chromium, resized, scheme
from tests.certificates import cell, certificate
from tests.mathml.__main__ import formulas

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & 🙂 " + "long" * 100
PROPERTIES = ("bad_input", "climb", "determinism", "dtypes", "exact", "gradient", "limits", "smoke", "value")
HISTOGRAM = {"0": 900, "-12": 3, "-3": 40, "-1": 300, "0 ": 0, "-24": 7}


def full_size():
    """As many cells as a whole run of torch has, with some of everything."""
    rows = []
    for i, name in enumerate(CATALOGUE):
        for dtype in ("float64", "float32", "bfloat16", "float16"):
            rows += [_row(i, name, dtype, of) for of in PROPERTIES]
    return certificate(*rows)


def _row(i, name, dtype, of):
    where = dict(dtype=dtype, seconds=0.01, framework_seconds=0.001, scenarios=100)
    if of == "value":
        where |= dict(letter="A", strain=0.7, histogram={k: v for k, v in HISTOGRAM.items() if k.strip() == k})
        where |= dict(curve={str(e): 0.1 for e in range(-9, 9)}, regions={"ordinary": 100}, judged=100)
        dialects = list(CATALOGUE[name].dialects)
        if dialects and i % 7 == 0:
            where |= dict(dialect={"spoken": dialects[0], "nearest": dialects[0], "told apart": {"the equation": 12}})
        if i % 11 == 0:
            return cell(name, of, "waived", **where, waiver={"reason": f"known {i % 5}", "url": "https://example.org/1"})
        if i % 37 == 0:
            says = f"y is NaN, want 1 {HOSTILE}"
            example = {"values": {"x": 1.0}, "layout": "contiguous", "says": says, "elements": 1}
            example |= {"snippet": f"# {HOSTILE}\nprint(1)"}
            where |= dict(letter="D", strain="Infinity", counterexample=example, message=HOSTILE)
            return cell(name, of, "failed", **where)
    return cell(name, of, **where)


FULL = full_size()
SMALL = certificate(
    cell("adam", "value", letter="A", strain=0.5), cell("adam", "climb", "undecided"),
    cell("relu", "value", "failed", letter="C", strain=3.0, message="relu-mine is off\nby much"),
    cell("mse", "value", "not offered"), cell("gone_from_the_catalogue", "value", "crashed", message=HOSTILE),
)  # fmt: skip


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_a_page_is_small_and_made_within_a_second():
    render(SMALL)
    start = time.process_time()
    page = render(FULL)
    assert time.process_time() - start < 1.0
    assert len(page.encode()) < 1_000_000
    assert len(FULL["cells"]) > 5000


def test_every_formula_of_the_catalogue_has_its_mathml():
    missing = [
        (entry.name, line)
        for entry in CATALOGUE.values() for latex in formulas(entry) for line in lines(latex)
        if "<math" not in mathml(line)
    ]  # fmt: skip
    assert not missing, "python -m tests.mathml writes it anew"
    assert mathml(r"x < y \unheard") == "<code>x &lt; y \\unheard</code>"


def test_a_verdict_has_its_denominator_and_what_was_not_run_has_not_failed():
    said = text_of(render(SMALL))
    assert "Does not conform" in said
    assert "1 of 3 equations conform" in said
    assert "not offered" in said
    whole = certificate(cell("adam", "value", letter="A", strain=0.5), cell("adam", "climb", "undecided"))
    assert "Conforms" in text_of(render(whole))
    died = whole | {"partial": True}
    assert "The run ended before it was through" in text_of(render(died))
    assert "Does not conform" not in text_of(render(died))
    assert "Does not conform" in text_of(render(certificate())), "nothing was certified"


def test_what_failed_is_named_with_its_reason_and_regressions_come_first():
    before = certificate(
        cell("relu", "value", letter="A", strain=0.1), cell("gone_from_the_catalogue", "value", "crashed"),
    )  # fmt: skip
    said = text_of(render(SMALL, history=[before]))
    attention = said[said.index("Needs attention") : said.index("Matrix")]
    assert attention.index("Relu") < attention.index("Gone from the catalogue")
    assert "regression" in attention
    assert "1 regressions, 0 fixed" in attention
    assert "off" in attention


def test_nothing_that_a_certificate_says_becomes_markup():
    for page in (render(SMALL), render(FULL)):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert escape("<script>alert(1)</script>", quote=False) in page
    odd = cell("relu", "value", "waived", waiver={"reason": "x", "url": "javascript:alert(1)"})
    assert "javascript:" not in render(certificate(odd))


def test_the_worst_property_speaks_for_a_case_but_a_search_without_result_does_not():
    passed, lost = cell("relu", letter="A", strain=0.1), cell("relu", "climb", "undecided")
    assert joined([passed, lost]).key == "A"
    assert joined([lost]).key == "notrun"
    assert joined([passed, cell("relu", "limits", "failed")]).key == "D"
    assert joined([passed, cell("relu", "state", "crashed")]).key == "crash"
    assert joined([passed, cell("relu", "gradient", "not offered")]).key == "A"
    assert joined([cell("relu", "value", "not offered")]).key == "absent"


def test_a_histogram_is_a_closed_outline_within_its_box_and_nothing_of_nothing():
    assert histogram({}) == ""
    assert histogram({"0": 0}) == ""
    path = histogram({"0": 5, "-30": 1, "inf": 2, "3": 9})
    assert path.startswith("M0 16")
    assert path.endswith("z")
    assert all(0 <= int(n) <= 16 for n in re.findall(r"V(\d+)", path))


def test_a_curve_goes_from_the_least_size_to_the_largest_and_infinity_is_its_top():
    points = curve({"3": "Infinity", "-2": 0.5, "0": 0})
    assert points == [(0.0, 54.2, "2⁻²"), (50.0, 100.0, "2⁰"), (100.0, 0.0, "2³")]
    assert curve({"1": 0.5}) == []


def test_an_index_says_who_computes_which_form_and_how_many_agree():
    one = certificate(cell("mse", "value", letter="A", strain=0.1), cell("adam", "value", letter="A", strain=0.1))
    other = certificate(
        cell("mse", "value", letter="A", strain=0.1, dialect={"spoken": "sum", "nearest": "sum", "told apart": {}}),
        cell("adam", "value", letter="A", strain=0.2), version="2.0",
    )  # fmt: skip
    said = text_of(render_index([("one.json", one), ("other.json", other)]))
    assert re.search(r"Mse .*sum .*1 of 2", said)
    assert re.search(r"Adam .*2 of 2", said)
    assert "2 of 2" in said
    assert 'href="other.html"' in render_index([("other.json", other)])
    assert "0 certificates" in text_of(render_index([]))


def test_the_table_of_power_has_a_page_of_its_own():
    ours = {"applies": True, "caught": True, "by": "value", "seconds": 0.25}
    other = {"applies": False, "caught": False}
    data = {
        "seed": 0, "seeds": 1, "finished": True, "right": {},
        "planted": {"adam: <b>": {"planted for": "value", "ours": ours, "hypothesis": other}},
        "summary": {"ours": {"tried": 1, "caught": 1}, "hypothesis": {"tried": 0, "caught": 0}},
    }  # fmt: skip
    said = text_of(render_power(data))
    assert "1 planted bugs" in said
    assert "value 0.25 s" in said
    assert "adam: &lt;b&gt;" in said


# In a browser ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "full.html").write_text(render(FULL, history=[SMALL]), encoding="utf-8")
    return (folder / "full.html").as_uri()


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as made:
        yield made


def test_a_page_opens_within_a_second_and_asks_nobody_for_anything(driver, page):
    driver.get_log("performance")
    driver.get(page)
    took = driver.execute_script("return performance.getEntriesByType('navigation')[0].duration")
    assert 0 < took < 1000
    sent = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    wishes = [m["params"] for m in sent if m["method"] == "Network.requestWillBeSent"]
    asked = {w["request"]["url"] for w in wishes if w["documentURL"] == page}  # a new tab asks for things of its own
    assert page in asked
    assert {url for url in asked if not url.startswith(("file:", "data:"))} == set()
    assert [e for e in driver.get_log("browser") if e["level"] == "SEVERE"] == []


OUTCOMES = ("crashed", "error", "stale waiver", "lost", "not run", "undecided", "waived", "not offered", "failed")


def some_of_everything():
    """A few equations with every outcome and letter, since axe looks at each element for long."""
    names = list(CATALOGUE)[:24]
    rows = [c for c in FULL["cells"] if c["equation"] in names or c["outcome"] == "failed"][:900]
    rows += [cell("adam", "value", outcome, mode=f"m{i}", message="why") for i, outcome in enumerate(OUTCOMES)]
    rows += [cell("adam", "value", "failed", letter=x, strain=2.0, mode=f"l{x}") for x in "BCD"]
    rows += [cell("adam", "value", letter="N", strain=0.5, mode="lN")]
    erratum = {"file": "note.md", "line": 3, "text": "v - g", "verdict": "wrong", "reason": "a sign", "corrected": "v"}
    return certificate(*rows, errata=[erratum], partial=True)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_page_has_no_violation_that_axe_can_find(driver, tmp_path, colours):
    axe = pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")
    (tmp_path / "some.html").write_text(render(some_of_everything(), history=[SMALL]), encoding="utf-8")
    scheme(driver, colours)
    resized(driver, 1280, 900)
    driver.get((tmp_path / "some.html").as_uri())
    driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    driver.execute_script((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    driver.set_script_timeout(100)
    found = driver.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(r => arguments[0](r.violations))"
    )
    assert [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0].get("failureSummary", "")[:300]) for v in found] == []


def test_a_phone_needs_no_scrolling_sideways(driver, page):
    resized(driver, 360, 740)
    driver.get(page)
    driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
    resized(driver, 1280, 900)


def test_a_filter_hides_rows_and_stays_in_the_address(driver, page):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    driver.get(page)
    driver.find_element(By.TAG_NAME, "body").send_keys("/")
    field = driver.switch_to.active_element
    field.send_keys("adam is:dialect")
    shown = "return [...document.querySelectorAll('tr[data-eq]')].filter(r => !r.hidden).map(r => r.dataset.eq)"
    some = driver.execute_script(shown)
    assert len(some) < 10
    assert "#q=adam" in driver.current_url
    driver.get(driver.current_url.replace("full.html", "full.html?again"))
    assert driver.execute_script(shown) == some
    field = driver.find_element(By.ID, "q")
    field.send_keys(Keys.ESCAPE)
    assert len(driver.execute_script(shown)) == len(CATALOGUE)
    assert "#q" not in driver.current_url


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


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * d for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_sign_can_be_read_on_its_ground_in_both_schemes():
    style = (Path(__file__).parents[1] / "conformance" / "report" / "style.css").read_text(encoding="utf-8")
    schemes = [dict(re.findall(r"--(\w+):(#\w+)", block)) for block in re.findall(r"--bg:[^}]*", style)]
    assert len(schemes) == 3
    assert schemes[1] == schemes[2], "the dark scheme that is asked for and the one that is chosen"
    for colours in schemes:
        pairs = [(n, f"{n}i") for n in "ANwqBCDX"]
        pairs += [(ground, ink) for ground in ("bg", "soft") for ink in ("ink", "dim", "link", "good", "bad")]
        for ground, ink in pairs:
            light, dark = sorted((luminance(colours[ground]), luminance(colours[ink])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ground, ink)
