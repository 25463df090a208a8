"""`gaugeblock notes check`: what it prints, what it writes, and what it leaves as it is."""

import io
import json
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import conformance.notes.errata
from conformance.notes.errata import checked
from conformance.notes.model import Edit, Finding
from conformance.notes.reading import decoded
from gaugeblock.command import main

ROOT = Path(__file__).resolve().parent.parent
BAD = "# Notes\n\n$$\nS = {a, b}\n$$\n\nand $v = m + 1$ here\n"
GOOD = BAD.replace("{a, b}", r"\{a, b\}").replace("m + 1", "m - 1")


def sign(text, known):
    """Mathematics of the test's own: what adds should subtract, and `right` is right."""
    found = []
    for piece in known:
        at = piece.text.find("+")
        if at >= 0:
            edit = Edit(piece.start + at, piece.start + at + 1, "-")
            example = {"m": 2, "text": 3.0, "equation": 1}
            where = piece.start, piece.end
            found.append(
                Finding(*where, "wrong", "the sign", equation="adam", counterexample=example, edits=(edit,))
            )
        elif "right" in piece.text:
            found.append(Finding(piece.start, piece.end, "right", "it is"))
    return found


@pytest.fixture(autouse=True)
def mathematics(monkeypatch):
    monkeypatch.setattr(conformance.notes.errata, "_judged", sign)


@pytest.fixture
def run(capsysbinary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main(["notes", "check", *map(str, arguments)])
        out, err = capsysbinary.readouterr()
        return SimpleNamespace(code=code, out=out.decode(), err=err.decode())

    return run


def saved(name, text=BAD):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_finding_says_where_it_is_what_is_wrong_and_what_would_be_right(run):
    saved("a.md")
    done = run("a.md")
    assert done.code == 1
    assert "a.md:4:5: lint: the braces of this set are not drawn" in done.out
    assert "a.md:7:6: wrong: the sign (adam)\n    v = m + 1\n" in done.out
    assert "  counterexample: m = 2, text = 3.0, equation = 1\n  corrected:\n    v = m - 1\n" in done.out
    assert done.out.endswith("1 file: 1 wrong, 1 lint; 2 certain repairs, which --fix writes\n")
    assert done.err == ""


def test_where_nothing_is_wrong_the_exit_code_is_0(run):
    saved("a.md", GOOD + "\n$right$\n")
    done = run("a.md")
    assert (done.code, done.out) == (0, "1 file: 1 right\n")
    assert "a.md:9:2: right: it is" in run("a.md", "--all").out


def test_what_is_no_notation_changes_no_exit_code(run):
    saved("a.md", "**[img 1. a]**\n\n**[img 1. b]**\n")
    done = run("a.md")
    assert done.code == 0
    assert "img 1 is on line 1 already" in done.out


UNREADABLE = {
    "missing.md": (None, "no such file"),
    "latin.md": (b"caf\xe9", r"latin.md is not UTF-8: byte 3 (0xe9, line 1)"),
    "empty": ({}, "empty holds no Markdown"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_a_line_and_what_can_be_is_checked_all_the_same(run, name):
    content, said = UNREADABLE[name]
    if content == {}:
        Path(name).mkdir()
    elif content:
        saved(name, content)
    saved("a.md")
    done = run(name, "a.md")
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert "a.md:7:6" in done.out


def test_folders_are_walked_in_order_and_each_file_is_read_once(run):
    for name in ("b/z.md", "b/a.markdown", "a.md", "b/Q.MD"):
        saved(name)
    for name in ("b/.git/x.md", "b/node_modules/x.md", "b/.venv/x.md", "b/x.txt"):
        saved(name)
    Path("link.md").symlink_to("a.md")
    rows = json.loads(run("b", "a.md", "./a.md", "link.md", "b/z.md", "--json").out)
    assert list(dict.fromkeys(row["file"] for row in rows)) == ["b/Q.MD", "b/a.markdown", "b/z.md", "a.md"]


def test_rows_have_these_names(run):
    saved("a.md")
    rows = json.loads(run("a.md", "--json").out)
    assert list(rows[0]) == [
        "file", "line", "column", "text", "verdict", "equation", "dialect", "reason", "counterexample", "corrected",
    ]  # fmt: skip
    assert rows[1] == {
        "file": "a.md", "line": 7, "column": 6, "text": "v = m + 1", "verdict": "wrong", "equation": "adam",
        "dialect": "", "reason": "the sign", "counterexample": {"m": 2, "text": 3.0, "equation": 1},
        "corrected": "v = m - 1",
    }  # fmt: skip
    saved("b.md", "nothing")
    assert run("b.md", "--json").out == "[]\n"


KEPT = {
    "plain": BAD,
    "CRLF": BAD.replace("\n", "\r\n"),
    "lone CR": BAD.replace("\n", "\r"),
    "mixed": BAD.replace("\n", "\r\n", 3) + "x \t\r\n\x0c\u2028",
    "marked": b"\xef\xbb\xbf" + BAD.encode(),
    "mark and mathematics in line 1": b"\xef\xbb\xbf$a = b + c$",
    "no end": BAD.rstrip("\n"),
    "letters of two words": "😀 한국어 " + BAD,
}


@pytest.mark.parametrize("name", KEPT)
def test_a_repair_changes_no_other_byte(run, name):
    text = KEPT[name] if isinstance(KEPT[name], bytes) else KEPT[name].encode()
    path = saved("a.md", text)
    path.chmod(0o640)
    done = run("a.md", "--fix")
    right = text.replace(b"{a, b}", rb"\{a, b\}").replace(b"m + 1", b"m - 1").replace(b"b + c", b"b - c")
    assert path.read_bytes() == right
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert done.code == 0, "what is left is shown"
    assert "repairs written" in done.out
    assert [p.name for p in Path().iterdir()] == ["a.md"]
    assert run("a.md", "--fix").out == "1 file: nothing to say\n"


@pytest.mark.parametrize("name", KEPT)
def test_the_difference_is_a_patch_of_the_changed_lines(run, name):
    path = saved("a.md", KEPT[name])
    done = run("a.md", "--diff")
    assert done.code == 1
    assert "\n " not in done.out
    Path("d.patch").write_bytes(done.out.encode())
    subprocess.run(["git", "apply", "--unidiff-zero", "d.patch"], check=True, capture_output=True)  # noqa: S607
    patched = path.read_bytes()
    saved("a.md", KEPT[name])
    run("a.md", "--fix")
    assert path.read_bytes() == patched


def test_a_link_stays_one_and_its_target_is_written(run):
    saved("there/a.md")
    Path("link.md").symlink_to("there/a.md")
    run("link.md", "--fix")
    assert Path("link.md").is_symlink()
    assert Path("there/a.md").read_text() == GOOD


def test_a_file_that_was_changed_meanwhile_is_not_written(run, monkeypatch):
    path = saved("a.md")
    monkeypatch.setattr(
        conformance.notes.errata, "_judged", lambda text, known: path.write_text("mine") and sign(text, known)
    )
    done = run("a.md", "--fix")
    assert done.code == 2
    assert "changed by somebody else meanwhile" in done.err
    assert path.read_text() == "mine"
    assert [p.name for p in Path().iterdir()] == ["a.md"]


def test_standard_input_is_a_note(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(BAD.encode())))
    assert "<stdin>:7:6: wrong" in run("-").out
    assert run("-", "--fix").code == 2


def test_sarif_has_the_repair_as_a_replacement(run):
    saved("a b.md")
    run("a b.md", "--sarif", "out.sarif")
    (log,) = json.loads(Path("out.sarif").read_text())["runs"]
    notation, mathematics = log["results"]
    assert (notation["ruleId"], notation["level"]) == ("notation/set-braces", "warning")
    assert (mathematics["ruleId"], mathematics["level"]) == ("wrong", "error")
    place = mathematics["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.md"
    assert place["region"] == {"startLine": 7, "startColumn": 6, "endLine": 7, "endColumn": 15}
    ((change,),) = [fix["artifactChanges"] for fix in mathematics["fixes"]]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 7, "startColumn": 12, "endLine": 7, "endColumn": 13},
            "insertedContent": {"text": "-"},
        }
    ]
    assert json.loads(run("a b.md", "--sarif", "-").out)["version"] == "2.1.0"
    done = run("a b.md", "--sarif", "-", "--json")
    assert (done.code, done.out) == (2, "")
    assert "would both be printed" in done.err
    assert run("a b.md", "--html", "-").out.startswith("<!doctype html>")


def test_the_page_marks_what_changes_and_escapes_what_it_shows(run):
    saved("<b>.md", "$<script> + 1$\n\n$f(\\mathcal{D;W})$\n")
    run("<b>.md", "--html", "out.html")
    page = Path("out.html").read_text()
    assert "<strong>Something is wrong</strong>" in page
    assert "&lt;b&gt;.md" in page
    assert "&lt;script&gt; <del>+</del> 1" in page
    assert "&lt;script&gt; <ins>-</ins> 1" in page
    assert page.count('<span class="dim">perhaps</span>') == 2
    assert "Counterexample: <code>m = 2, text = 3.0, equation = 1</code>" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_where_mathematics_and_notation_mend_the_same_the_mathematics_is_kept():
    def judged(text, known):
        edit = Edit(text.index("="), text.index("=") + 1, "-")
        return [Finding(p.start, p.end, "wrong", "m", edits=(edit,)) for p in known[:1]]

    text = "$$m_{t=1} + m_t + x_{t-1} + {y$$"
    source = decoded("a.md", text.encode())
    assert [f.rule for f in checked(source).findings][-1] == "pairs"
    text = "$$m_{t=1} + m_t + x_{t-1}$$"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conformance.notes.errata, "_judged", judged)
        found = checked(decoded("a.md", text.encode())).findings
    assert [(f.verdict, f.reason) for f in found] == [("wrong", "m")]


def test_what_would_move_a_cursor_is_not_printed(run):
    saved("a.md", "$v = m + \x1b[31m1$\n")
    assert "\x1b" not in run("a.md").out


def test_long_folders_are_heard_of_while_they_are_read(run):
    for number in range(25):
        saved(f"n/{number:02}.md", "nothing")
    done = run("n")
    assert done.err.startswith("1/25 n/00.md\n")
    assert done.out == "25 files: nothing to say\n"


def test_the_hook_runs_this_command():
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    assert "entry: gaugeblock notes check\n" in text
    assert "types: [markdown]" in text
