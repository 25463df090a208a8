"""What keeps a reader out of a page: axe-core looks at all of it, in light and in dark.

python -m tests.accessibility reports/torch.html
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

import pytest

from tests.browser import ALL_LAID_OUT, OPENED, chromium, resized, scheme, until

CONTRAST = "color-contrast"
RUN = """
const [nodes, options, done] = arguments;
const quick = {
  resultTypes: ['violations', 'incomplete'], elementRef: false, selectors: false, iframes: false, preload: false,
};
const said = v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary.slice(0, 300)];
axe.run(nodes ? {include: nodes} : document, {...quick, ...options}).then(
  r => done({bad: r.violations.map(said), open: r.incomplete.map(said)}),
  e => done({bad: [['axe itself', 1, '', String(e)]], open: []}));
"""
# A long page may still be read, and what opens laid out, on a machine that does something else, too.
STILL = """
const done = arguments[0], seen = [];
const look = () => {
  seen.push([...document.querySelectorAll('body *')].filter(e => e.checkVisibility()).length);
  const still = seen.length > 2 && seen.at(-1) === seen.at(-2) && seen.at(-2) === seen.at(-3);
  still && document.readyState === 'complete' ? done() : setTimeout(look, 100);
};
look();
"""
# Two texts are of one kind where their own colour, size and weight are the same, and so is all that lies under them.
KINDS = """
const grounds = new Map(), kinds = new Map();
const under = e => {
  if (!e) return '';
  if (!grounds.has(e)) {
    const s = getComputedStyle(e), moved = s.position === 'static' ? '' : s.position + e.localName + e.className;
    const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode, moved].join();
    grounds.set(e, under(e.parentElement) + '/' + own);
  }
  return grounds.get(e);
};
let texts = 0;
for (const e of document.querySelectorAll('body *')) {
  const says = [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
  if (!(says || e.matches('input')) || !e.checkVisibility()) continue;
  const s = getComputedStyle(e);
  const name = e.closest('math') ? 'math' : e.localName;
  const kind = [name, s.color, s.fontSize, s.fontWeight, s.textShadow, under(e)].join();
  texts += 1;
  if (!kinds.has(kind)) kinds.set(kind, e);
}
return [texts, [...kinds.values()]];
"""


def opened(driver, page, colours):
    """A page with all of its details open, in a scheme of colours, and axe in it."""
    axe = pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")
    scheme(driver, colours)
    resized(driver, 1280, 900)
    driver.set_script_timeout(300)
    driver.get(page)
    driver.execute_script(ALL_LAID_OUT)
    driver.execute_async_script(STILL)
    driver.execute_script((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))


def apart_from_contrast(driver):
    """What is wrong anywhere on the page, whatever its colours."""
    return driver.execute_async_script(RUN, None, {"rules": {CONTRAST: {"enabled": False}}})


def contrast(driver, nodes=None):
    """Which texts cannot be read on their ground: of these elements, or of all."""
    return driver.execute_async_script(RUN, nodes, {"runOnly": [CONTRAST]})


def kinds(driver):
    """How many texts the page has, and one element of each kind of them, which has the contrast of all of its kind."""
    return driver.execute_script(KINDS)


def main(arguments):
    """Each rule on each element of the pages, with the time that a browser needs to open one."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, chromium(folder) as driver:
        for page in map(Path, arguments):
            for colours in ("light", "dark"):
                opened(driver, page.resolve().as_uri(), colours)
                count = driver.execute_script("return document.querySelectorAll('*').length")
                took = until(driver, OPENED)
                began = perf_counter()
                found = [apart_from_contrast(driver), contrast(driver)]
                bad, unsure = ([v for part in found for v in part[of]] for of in ("bad", "open"))
                print(
                    f"{page}, {colours}: {sum(v[1] for v in bad)} violations in {count:,} elements, "
                    f"{sum(v[1] for v in unsure)} undecided; "
                    f"opened in {took / 1000:.2f} s, looked at in {perf_counter() - began:.0f} s"
                )
                for what, unsaid in (("violation", bad), ("undecided", unsure)):
                    for one in unsaid:
                        print(f"  {what}:", *one)
                wrong += len(bad)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
