"""What is published in reports/ is what the command makes of it."""

import re
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from conformance.certificate import read, to_text
from conformance.certificate.files import loaded
from conformance.export.folder import readme
from gaugeblock.reporting.publishing import name_of
from tests.certificates import cell, certificate, report, saved

FOLDER = Path(__file__).resolve().parents[1] / "reports"
TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")
PUBLISHED = [path for path in sorted(FOLDER.glob("*.json")) if "schema" in loaded(path)]


def test_something_is_published_and_none_of_it_is_python():
    assert PUBLISHED
    assert not [*FOLDER.rglob("*.py")]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_certificate_is_whole_and_stands_beside_its_page_under_the_name_of_what_it_certifies(path):
    data = read(path)
    text = path.read_text(encoding="utf-8")
    assert to_text(data) == text
    assert name_of(data) == path.stem
    assert not data["partial"]
    assert not data["identity"]["dirty"]
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    assert sha256(text.encode()).hexdigest() in page, "gaugeblock report render makes the page anew"
    assert len(page.encode()) < 1_000_000


def test_the_readme_of_what_is_published_is_what_the_command_makes_of_it():
    pages = {path.name for path in FOLDER.glob("*.html")}
    again = readme(TEXT, [(path.name, read(path)) for path in PUBLISHED], pages)
    assert again == TEXT, "gaugeblock report index reports makes it anew"
    links = set(map(unquote, re.findall(r"\(<?([^)>]+)>?\)", TEXT)))
    assert all((FOLDER / link).exists() for link in links if "://" not in link)
    shown = unescape((FOLDER / "index.html").read_text(encoding="utf-8"))
    assert all(f'href="{path.stem}.html"' in shown for path in PUBLISHED)


def test_publishing_puts_a_certificate_its_page_and_its_row_into_a_folder(tmp_path, capsys):
    folder = tmp_path / "reports"
    one = saved(tmp_path, "latest.json", certificate(cell(), version="2.0+cpu"))
    other = saved(tmp_path, "older.json", certificate(cell(outcome="failed"), version="1/0"))
    for path in (one, other, one):
        assert report(capsys, "publish", path, "-o", folder)[0] == 0
    named = {"mine-2.0-cpu.json", "mine-2.0-cpu.html", "mine-1_0-cpu.json", "mine-1_0-cpu.html"}
    assert {p.name for p in folder.iterdir()} == {*named, "README.md", "index.html"}
    rows = [line for line in (folder / "README.md").read_text().splitlines() if line.startswith("| mine")]
    before, after = "cpu |", "| standard | 0 | 2026-01-01 |"
    old, new = (f"[data](<{name}.json>), [page](<{name}.html>) |" for name in ("mine-1_0-cpu", "mine-2.0-cpu"))
    assert rows == [
        f"| mine | 1/0 | {before} does not conform | 0 of 1 | 0 of 1 {after} {old}",
        f"| mine | 2.0+cpu | {before} conforms | 1 of 1 | 1 of 1 {after} {new}",
    ]
    assert "1 fixed" in (folder / "mine-2.0-cpu.html").read_text()


def test_what_is_not_of_a_whole_run_of_a_commit_is_not_published(tmp_path, capsys):
    dirty = certificate(cell())
    dirty["identity"]["dirty"] = True
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "half.json").write_text("{")
    for data, where, says in (
        (certificate(cell(), partial=True), "new", "ended before it was through"),
        (dirty, "new", "in no commit"),
        (certificate(cell()), "broken", "half.json cannot be read"),
    ):
        code, said, err = report(capsys, "publish", saved(tmp_path, "bad.json", data), "-o", tmp_path / where)
        assert (code, said, err.count("\n")) == (2, "", 1)
        assert says in err
    assert not (tmp_path / "new").exists()
    assert [p.name for p in (tmp_path / "broken").iterdir()] == ["half.json"]
