"""`gaugeblock report`: what can be done with certificates once they are written."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Data = dict[str, Any]
FAILED, BAD = 1, 2  # exit codes: a regression; input that cannot be used


MEANT = {
    "FILE": "a certificate, such as reports/latest/torch.json",
    "OLD": "the earlier certificate",
    "FOLDER": "a folder of certificates, such as reports",
    "TABLE": "power.json, as the command of the planted bugs writes it",
    "JOURNAL-FOLDER": "a journal, or the folder of reports in which it lies (default: reports/latest)",
}


def add_report(commands: Any) -> None:
    """The subcommands, each with the function that does it."""
    about = "certificates: put together, compared, checked, recovered, shown, and told to other tools"
    report = commands.add_parser("report", help=about, description=f"Certificates: {about.partition(': ')[2]}.")
    kinds = report.add_subparsers(dest="kind", required=True, metavar="WHAT")

    def add(name: str, does: Callable[[Any], int], says: str, files: str, many: str | None = None) -> Any:
        parser = kinds.add_parser(name, help=says, description=says[0].upper() + says[1:] + ".")
        parser.set_defaults(does=does)
        parser.add_argument("files" if many else "file", nargs=many, type=Path, metavar=files, help=MEANT[files])
        return parser

    out = {"type": Path, "metavar": "OUT"}
    merging = add("merge", _merge, "one certificate of several: shards, or devices, of one run", "FILE", "+")
    merging.add_argument("-o", "--out", required=True, help="where it is written; - is the terminal", **out)
    merging.add_argument("--last", action="store_true", help="where two have a cell differently, the later one counts")
    differing = add("diff", _diff, "what changed; exit code 1 where something that conformed does no more", "OLD")
    differing.add_argument("new", type=Path, metavar="NEW", help="the later one")
    rendering = add("render", _render, "a page of each certificate, with those beside it as history", "FILE", "+")
    rendering.add_argument("-o", "--out", help="the page, or a folder for several (default: beside each)", **out)
    add("index", _index, "index.html and README.md of a folder, from the certificates in it", "FOLDER")
    add("validate", _validate, "whether each is a certificate, and its counts are those of its cells", "FILE", "+")
    power = add("power", _power, "the page of a power table: which planted bugs were caught", "TABLE")
    recovering = add(
        "recover", _recover, "the partial certificate of a run that died, from its journal", "JOURNAL-FOLDER", "?"
    )
    recovering.set_defaults(files=Path("reports/latest"))
    recovering.add_argument("-o", "--out", help="where it is written (default: beside the journal)", **out)
    recovering.add_argument("--anyway", action="store_true", help="even if its run seems to be going on")
    recovering.add_argument("--keep", action="store_true", help="leave the journal where it is")
    power.add_argument("-o", "--out", help="the page (default: beside the table)", **out)
    for name, does, says in (
        ("ctrf", _ctrf, "the certificate as CTRF, the Common Test Report Format in JSON"),
        ("sarif", _sarif, "the errata of a certificate as SARIF 2.1.0"),
        ("badge", _badge, "an SVG that says how many equations conform"),
    ):
        add(name, does, says, "FILE").add_argument(
            "-o", "--out", default=Path("-"), help="where it is written (default: - for the terminal)", **out
        )


def report(options: argparse.Namespace) -> int:
    """Do what was asked for. What cannot be read or written is one line, and nothing is changed."""
    from conformance.certificate import CertificateError

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return int(options.does(options))
    except CertificateError as error:
        return _complain(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _complain(f"{error.filename or 'a file'}: {error.strerror or error}")


def _merge(options: argparse.Namespace) -> int:
    from conformance.certificate import merge, to_text

    merged = merge([(str(path), _read(path)) for path in options.files], last=options.last)
    return _put(to_text(merged), options.out, f"{len(merged['cells'])} cells of {len(options.files)} certificates")


def _diff(options: argparse.Namespace) -> int:
    from conformance.certificate import compare

    old, new = _read(options.file), _read(options.new)
    found = compare(old, new)
    for sign, path, data in (("-", options.file, old), ("+", options.new, new)):
        print(f"{sign} {path}: {_described(data)}")
    for name, lines in found.sections():
        print(f"\n{name}: {len(lines)}")
        for line in lines:
            print(f"  {line}")
    if not found.sections():
        print("\nno difference")
    return FAILED if found.regressions else 0


def _render(options: argparse.Namespace) -> int:
    from conformance.certificate import history_of

    several = len(options.files) > 1
    pages = []
    for path in options.files:
        data = _read(path)
        page = path.with_suffix(".html") if options.out is None else options.out
        pages.append((page / f"{path.stem}.html" if several and options.out else page, data, path))
    if len({page for page, _, _ in pages}) < len(pages):
        return _complain("two of these certificates would have the same page")
    render = _renderer("render")
    made = [(render(data, history=history_of(path, data)), page) for page, data, path in pages]
    for text, page in made:
        _put(text, page, "the page")
    return 0


def _index(options: argparse.Namespace) -> int:
    from conformance.certificate import NoCertificate
    from conformance.export.folder import readme

    folder = options.file
    named = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".json" and path.is_file():
            try:
                named.append((path.name, _read(path)))
            except NoCertificate:
                print(f"{path} is no certificate and is left out", file=sys.stderr)
    if not named:
        return _complain(f"{folder} holds no certificate")
    before = folder / "README.md"
    text = readme(before.read_text(encoding="utf-8") if before.exists() else "", named)
    page = _renderer("render_index")(named)
    _put(page, folder / "index.html", f"{len(named)} certificates")
    return _put(text, before, f"{len(named)} certificates")


def _validate(options: argparse.Namespace) -> int:
    from conformance.certificate import CertificateError

    code = 0
    for path in options.files:
        try:
            print(f"{path}: {_described(_read(path))}")
        except CertificateError as error:
            code = _complain(str(error))
    return code


def _power(options: argparse.Namespace) -> int:
    from conformance.certificate import CertificateError
    from conformance.certificate.files import loaded

    table = loaded(options.file)
    render = _renderer("render_power")
    try:
        page = render(table)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        said = f"{type(error).__name__} {error}"
        raise CertificateError(f"{options.file} is no power table that can be shown: {said}") from None
    return _put(page, options.out or options.file.with_suffix(".html"), "the page")


def _recover(options: argparse.Namespace) -> int:
    import shutil

    from conformance.certificate import to_text
    from conformance.running.recovering import died, journals, recovered

    known = journals(options.files)
    if not known:
        return _complain(f"{options.files} holds no journal of a run; a run that came to its end leaves none")
    journal = next(filter(died, known), known[0])
    if not died(journal) and not options.anyway:
        return _complain(f"{journal}: its run is still going; if it is not, --anyway recovers it")
    data = recovered(journal)
    place = options.out or journal.parent / f"{data['identity']['framework']}.partial.json"
    code = _put(to_text(data), place, f"{len(data['cells'])} cells, partial")
    if not options.keep:
        shutil.rmtree(journal, ignore_errors=True)
    return code


def _ctrf(options: argparse.Namespace) -> int:
    from conformance.export.ctrf import ctrf

    return _put(_json(ctrf(_read(options.file))), options.out, "CTRF")


def _sarif(options: argparse.Namespace) -> int:
    from conformance.export.sarif import sarif

    return _put(_json(sarif(_read(options.file))), options.out, "SARIF")


def _badge(options: argparse.Namespace) -> int:
    from conformance.export.badge import badge

    return _put(badge(_read(options.file)), options.out, "the badge")


def _read(path: Path) -> Data:
    from conformance.certificate import read

    return read(path)


def _renderer(name: str) -> Callable[..., str]:
    from importlib import import_module

    from conformance.certificate import CertificateError

    try:
        return getattr(import_module("conformance.report"), name)  # type: ignore[no-any-return]
    except ImportError as error:
        raise CertificateError(f"pages need {error.name or 'conformance.report'!r}, which is not installed") from None
    except AttributeError:
        raise CertificateError(f"conformance.report has no {name!r}") from None


def _described(data: Data) -> str:
    from conformance.certificate.outcomes import by_equation

    identity = data["identity"]
    good, all_ = by_equation(data["cells"])
    partial = "partial, " if data["partial"] else ""
    return (
        f"{partial}{identity['framework']} {identity['version']}, seed {data['choice']['seed']}, effort "
        f"{data['choice']['effort']}: {good} of {all_} equations conform in {len(data['cells'])} cells"
    )


def _json(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _put(text: str, place: Path, what: str) -> int:
    from conformance.certificate import replace_text

    if str(place) == "-":
        sys.stdout.write(text)
    else:
        print(f"{replace_text(place, text)}: {what}")
    return 0


def _complain(message: str) -> int:
    print(f"gaugeblock: {' '.join(message.split())}", file=sys.stderr)
    return BAD
