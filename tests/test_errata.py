"""What is published about the five study notes is what the command says of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTES = ROOT.parent / "shared" / "notes"
ERRATA = ROOT / "reports" / "errata"
pytestmark = pytest.mark.skipif(not NOTES.is_dir(), reason=f"the study notes are not here: {NOTES} is no folder")


def said(*arguments):
    command = [sys.executable, "-m", "gaugeblock", "notes", "check", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=NOTES, capture_output=True, text=True, check=False, env=environment).stdout


def test_the_page_is_that_of_the_notes(tmp_path):
    said(*sorted(path.name for path in NOTES.glob("*.md")), "--html", str(tmp_path / "index.html"))
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == (ERRATA / "index.html").read_text(encoding="utf-8")


def test_each_patch_carries_the_lines_that_change_and_no_others():
    for path in sorted(NOTES.glob("*.md")):
        made, kept = said(path.name, "--diff"), ERRATA / f"{path.stem}.patch"
        assert made == (kept.read_text(encoding="utf-8") if kept.exists() else ""), path.name
        assert all(line[:1] in "+-@" for line in made.splitlines())
