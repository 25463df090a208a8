"""Whole runs, as a user starts them: what a framework does wrong, each cell says, and the others stand."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from conformance.certificate import CertificateError, read

ROOT = Path(__file__).resolve().parent.parent
HEAD = "import os, time\nimport numpy as np\nfrom gaugeblock import implements\n"
SIGMOID = '\n@implements("sigmoid")\ndef sigmoid(x):\n    return {}\n'
RELU = '\n@implements("relu")\ndef relu(x):\n    return np.maximum(x, 0)\n'


def run(folder, text, *options, name="mine.py"):
    """A run over an adapter of this text, and its certificate."""
    (folder / name).write_text(text)
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "conformance"),
        f"--framework={folder / name}", f"--report-dir={folder / 'reports'}", *options,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    path = folder / "reports" / f"{Path(name).stem}.json"
    return done, read(path) if path.exists() else None


def outcomes(certificate, equation, property_name="value"):
    return {c["outcome"] for c in certificate["cells"] if c["equation"] == equation and c["property"] == property_name}


@pytest.mark.parametrize(
    ("formula", "code", "outcome", "says"),
    [
        ("1 / (1 + np.exp(-x))", 0, "passed", "1 of 1 equations conform"),
        ("(1 + np.tanh(x / 2)) / 2", 1, "failed", "times what honest rounding explains"),
        ("x[:-1]", 1, "not run", "gave outputs of shapes"),
        ("'text'", 1, "not run", "cannot be read as numbers"),
        ("x.nothing", 1, "not run", "AttributeError"),
        ("(x, x)", 1, "not run", "gave outputs of shapes"),
        ("np.where(x > 80, 1 / 0, x) if x.size else x", 1, "not run", "ZeroDivisionError"),
        ("[print('noise'), 1 / (1 + np.exp(-x))][1]", 0, "passed", "1 of 1 equations conform"),
        ("__import__('warnings').warn('loud') or 1 / (1 + np.exp(-x))", 0, "passed", "1 of 1 equations conform"),
    ],
)
def test_what_a_framework_gives_is_what_its_cells_say(tmp_path, formula, code, outcome, says):
    done, certificate = run(tmp_path, HEAD + SIGMOID.format(formula) + RELU)
    assert done.returncode == code, done.stdout + done.stderr
    assert outcomes(certificate, "sigmoid") == {outcome}
    assert outcomes(certificate, "relu") == {"passed"}
    assert says.replace("1 of 1", "2 of 2") in done.stdout


def test_an_equation_that_kills_its_process_leaves_the_others_standing(tmp_path):
    done, certificate = run(tmp_path, HEAD + SIGMOID.format("os.abort()") + RELU, "-n2", "--gauge-effort=quick")
    assert done.returncode == 1
    assert outcomes(certificate, "sigmoid", "smoke") == {"crashed"}
    assert outcomes(certificate, "sigmoid") == {"not run"}
    assert outcomes(certificate, "relu") == {"passed"}


def test_a_framework_that_crashes_on_everything_comes_to_its_end(tmp_path):
    claims = "".join(
        f'\n@implements("{name}")\ndef {name}(x):\n    os.abort()\n'
        for name in ("sigmoid", "relu", "tanh", "softmax", "log_softmax", "step", "flatten", "grayscale", "relu_slope")
    )
    done, certificate = run(tmp_path, HEAD + claims, "-n2", "--gauge-effort=quick", "--gauge-dtype=float32")
    assert done.returncode == 1, done.stdout
    found = {c["outcome"] for c in certificate["cells"]}
    assert found == {"crashed", "not run"}


def test_a_framework_that_hangs_is_ended_in_python_or_with_its_process(tmp_path):
    hangs = "time.sleep(60) if x.shape != (4,) else 1 / (1 + np.exp(-x))"
    done, certificate = run(
        tmp_path, HEAD + SIGMOID.format(hangs) + RELU, "-n2", "--gauge-limit=1", "--gauge-dtype=float32", "-kvalue"
    )
    assert done.returncode == 1
    assert outcomes(certificate, "sigmoid") == {"time limit"}
    assert outcomes(certificate, "relu") == {"passed"}


def test_a_framework_that_hangs_below_python_is_ended_with_its_process(tmp_path):
    stuck = (
        "(__import__('signal').pthread_sigmask(0, [14]), time.sleep(60)) if x.shape != (4,) else 1 / (1 + np.exp(-x))"
    )
    done, certificate = run(
        tmp_path, HEAD + SIGMOID.format(stuck) + RELU, "-n2", "--gauge-limit=1", "--gauge-dtype=float32", "-kvalue"
    )
    assert done.returncode == 1
    assert outcomes(certificate, "sigmoid") == {"time limit"}
    assert outcomes(certificate, "relu") == {"passed"}


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--gauge-device=cuda"], 4, "no device of this framework on this machine matches 'cuda'; the nearest are cpu"),
        (["--gauge-dtype=float8"], 4, "no dtype of this framework matches 'float8'"),
        (["--gauge-effort=heroic"], 4, "the efforts are quick, standard, exhaustive"),
        (["--equations=sigmoyd"], 4, "the nearest are sigmoid"),
        (["--equations=adam"], 5, "nothing was certified"),
    ],
)
def test_what_was_asked_for_and_is_not_there_is_an_error_of_usage(tmp_path, options, code, says):
    done, _ = run(tmp_path, HEAD + RELU, *options)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stdout + done.stderr


def test_an_unknown_framework_ends_the_run_with_the_nearest_name(tmp_path):
    command = [sys.executable, "-m", "pytest", "-q", str(ROOT / "conformance"), "--framework=torsh"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "did you mean 'torch'" in done.stderr + done.stdout


def test_an_adapter_without_claims_or_with_an_unknown_one_is_an_error(tmp_path):
    for text, says in (
        (HEAD, "it claims no equation"),
        (HEAD + RELU.replace('"relu"', '"reluu"'), "the nearest are relu"),
    ):
        done, certificate = run(tmp_path, text)
        assert done.returncode == 4
        assert says in done.stdout + done.stderr
        assert certificate is None


SLOPE = """

def gradient(f, inputs, options, wrt, cotangents):
    y = f(*inputs.values())
    return [cotangents[0] * {}]
"""


@pytest.mark.parametrize(
    ("formula", "outcome"),
    [
        ("y * (1 - y)", "passed"),
        ("y * (1 - y) * y.dtype.type(1 + 1e-5)", "failed"),
        ("y * (1 + y)", "failed"),
        ("y", "failed"),
    ],
)
def test_a_wrong_slope_is_told_from_a_right_one(tmp_path, formula, outcome):
    text = HEAD + SIGMOID.format("1 / (1 + np.exp(-x))") + SLOPE.format(formula)
    done, certificate = run(tmp_path, text)
    assert done.returncode == int(outcome == "failed"), done.stdout
    assert outcomes(certificate, "sigmoid", "gradient") == {outcome}


def test_a_counterexample_is_a_program_that_runs_and_is_replayed_exactly(tmp_path):
    text = HEAD + SIGMOID.format("1 / (1 + np.exp(-x)) + (x > 50) / x.dtype.type(8)")
    done, certificate = run(tmp_path, text)
    assert done.returncode == 1
    cell = next(c for c in certificate["cells"] if c["outcome"] == "failed" and c["property"] == "value")
    example = cell["counterexample"]
    assert example["elements"] == 1
    assert len(example["snippet"].splitlines()) <= 15
    shown = subprocess.run([sys.executable, "-c", example["snippet"]], capture_output=True, text=True, check=True)
    assert "1.125" in shown.stdout
    again, _ = run(tmp_path, text, f"--from-report={tmp_path / 'reports' / 'mine.json'}::{cell['case']}")
    assert again.returncode == 1
    assert example["says"].split(";")[0] in again.stdout
    mended, _ = run(
        tmp_path,
        HEAD + SIGMOID.format("1 / (1 + np.exp(-x))"),
        f"--from-report={tmp_path / 'reports' / 'mine.json'}::{cell['case']}",
    )
    assert mended.returncode == 0, mended.stdout


def test_a_replay_of_what_is_not_there_says_so(tmp_path):
    done, _ = run(tmp_path, HEAD + RELU)
    report = tmp_path / "reports" / "mine.json"
    for option, says in (
        (f"{report}::adam-mine-cpu-float32-eager", "knows no such case"),
        (f"{report}", "give FILE::CASE"),
        (f"{tmp_path / 'none.json'}::x", "is no certificate"),
    ):
        done, _ = run(tmp_path, HEAD + RELU, f"--from-report={option}")
        assert done.returncode == 4
        assert says in done.stderr + done.stdout


def test_a_certificate_that_was_edited_or_cut_off_is_refused(tmp_path):
    run(tmp_path, HEAD + RELU)
    path = tmp_path / "reports" / "mine.json"
    data = json.loads(path.read_text())
    data["cells"][0]["outcome"] = "failed"
    for text, says in (
        (json.dumps(data), "but the counts say"),
        ("{", "cannot be read"),
        ('{"schema": 7}', "version 7"),
    ):
        path.write_text(text)
        with pytest.raises(CertificateError, match=says):
            read(path)


def test_a_waiver_covers_what_it_says_and_no_more(tmp_path):
    wrong = HEAD + SIGMOID.format("1 / (1 + np.exp(-x)) + (x > 50) / x.dtype.type(8)")
    row = '[[waiver]]\ncase = "sigmoid-mine-cpu-*"\nreason = "known"\nurl = "https://example.org"\n'
    row += 'where = "x > {}"\ninput = {{ x = [60.0] }}\n'
    for bound, outcome in ((50, "waived"), (100, "failed"), (1000, "failed")):
        (tmp_path / "mine.waivers.toml").write_text(row.format(bound))
        _, certificate = run(tmp_path, wrong, "-kvalue")
        assert outcomes(certificate, "sigmoid") == {outcome}, bound
    (tmp_path / "mine.waivers.toml").write_text(row.format(50))
    done, certificate = run(tmp_path, HEAD + SIGMOID.format("1 / (1 + np.exp(-x))"), "-kvalue")
    assert outcomes(certificate, "sigmoid") == {"stale waiver"}
    assert done.returncode == 1
    (tmp_path / "mine.waivers.toml").write_text(row.format(50) + "sometimes = true\n")
    _, certificate = run(tmp_path, HEAD + SIGMOID.format("1 / (1 + np.exp(-x))"), "-kvalue")
    assert outcomes(certificate, "sigmoid") == {"waived"}, "what shows sometimes has not passed where it did not show"
    for text, says in (
        (row.format(50).replace("sigmoid", "tanh"), "match no case"),
        ("[[waiver]]\ncase = 'x'\n", "does not say its reason, url"),
    ):
        (tmp_path / "mine.waivers.toml").write_text(text)
        done, _ = run(tmp_path, wrong, "-kvalue")
        assert done.returncode == 4
        assert says in done.stdout + done.stderr


def test_an_input_that_ends_the_process_is_spared_and_tried_in_a_process_of_its_own(tmp_path):
    fatal = HEAD + SIGMOID.format("os.abort() if (x > 50).any() else 1 / (1 + np.exp(-x))")
    row = '[[waiver]]\ncase = "sigmoid-mine-cpu-*"\nreason = "known"\nurl = "https://example.org"\ncrashes = true\n'
    (tmp_path / "mine.waivers.toml").write_text(row + 'where = "x > 50"\ninput = { x = [60.0] }\n')
    done, certificate = run(tmp_path, fatal)
    assert outcomes(certificate, "sigmoid") == {"waived"}
    assert "crashed" not in certificate["counts"], done.stdout
    done, certificate = run(tmp_path, HEAD + SIGMOID.format("1 / (1 + np.exp(-x))"))
    assert outcomes(certificate, "sigmoid") == {"stale waiver"}
    assert "no longer ends the process" in done.stdout


def test_what_is_known_not_to_run_at_all_is_waived_in_every_property(tmp_path):
    broken = HEAD + SIGMOID.format("int('no kernel')")
    row = '[[waiver]]\ncase = "sigmoid-mine-cpu-*"\nproperty = "smoke"\nreason = "known"\nurl = "https://example.org"\n'
    (tmp_path / "mine.waivers.toml").write_text(row)
    done, certificate = run(tmp_path, broken, "-n", "2")
    assert set(certificate["counts"]) == {"waived"}, done.stdout
    assert {c["property"] for c in certificate["cells"]} > {"smoke", "value", "limits"}
    done, certificate = run(tmp_path, HEAD + SIGMOID.format("1 / (1 + np.exp(-x))"))
    assert certificate["counts"]["stale waiver"] == 2, "in each of two dtypes the smoke case passes"


NUMPY = (ROOT / "conformance" / "adapters" / "numpy.py").read_text(encoding="utf-8")


def test_a_right_implementation_in_plain_numpy_gets_a_clean_certificate(tmp_path):
    assert len(NUMPY.splitlines()) < 40
    done, certificate = run(tmp_path, NUMPY, "-n2")
    assert done.returncode == 0, done.stdout
    assert set(certificate["counts"]) <= {"passed", "undecided"}
    schema = json.loads((ROOT / "conformance" / "certificate.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(certificate, schema)


@pytest.mark.parametrize("wrong", ["v = beta2 * (1 + 1e-6) * v", "v = beta2 * v * w.dtype.type(1 + 1e-6)"])
def test_a_decay_that_is_off_by_a_millionth_shows_on_one_element_in_one_step(tmp_path, wrong):
    text = NUMPY.replace("v = beta2 * v", wrong)
    done, certificate = run(tmp_path, text, "--equations=adam", "--gauge-dtype=float32")
    assert done.returncode == 1
    (cell,) = (c for c in certificate["cells"] if c["outcome"] == "failed" and c["property"] == "value")
    assert cell["counterexample"]["elements"] == 1
    assert cell["letter"] == "D"
    assert "adam" in done.stdout
