"""What `gaugeblock report` does, a function a subcommand; each gives its exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Data = dict[str, Any]
FAILED, BAD = 1, 2  # exit codes: a regression; input that cannot be used


def merge_parts(options: argparse.Namespace) -> int:
    from conformance.certificate import merge, to_text

    merged = merge([(str(path), _read(path)) for path in options.files], last=options.last)
    return put(to_text(merged), options.out, f"{len(merged['cells'])} cells of {len(options.files)} certificates")


def show_difference(options: argparse.Namespace) -> int:
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


def render_pages(options: argparse.Namespace) -> int:
    from conformance.certificate import history_of

    several = len(options.files) > 1
    pages = []
    for path in options.files:
        data = _read(path)
        page = path.with_suffix(".html") if options.out is None else options.out
        pages.append((page / f"{path.stem}.html" if several and options.out else page, data, path))
    if len({page for page, _, _ in pages}) < len(pages):
        return complain("two of these certificates would have the same page")
    render = renderer("render")
    made = [(render(data, history=history_of(path, data), path=path), page) for page, data, path in pages]
    for text, page in made:
        put(text, page, "the page")
    return 0


def validate_files(options: argparse.Namespace) -> int:
    from conformance.certificate import CertificateError

    code = 0
    for path in options.files:
        try:
            print(f"{path}: {_described(_read(path))}")
        except CertificateError as error:
            code = complain(str(error))
    return code


def render_table(options: argparse.Namespace) -> int:
    from conformance.certificate import CertificateError
    from conformance.certificate.files import loaded

    table = loaded(options.file, "a power table")
    render = renderer("render_power")
    try:
        page = render(table)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__} {error}"
        raise CertificateError(f"{options.file} is no power table that can be shown: {said}") from None
    return put(page, options.out or options.file.with_suffix(".html"), "the page")


def recover_run(options: argparse.Namespace) -> int:
    import shutil

    from conformance.certificate import to_text
    from conformance.running.recovering import died, journals, recovered

    known = journals(options.files)
    if not known:
        return complain(f"{options.files} holds no journal of a run; a run that came to its end leaves none")
    journal = next(filter(died, known), known[0])
    if not died(journal) and not options.anyway:
        return complain(f"{journal}: its run is still going; if it is not, --anyway recovers it")
    data = recovered(journal)
    place = options.out or journal.parent / f"{data['identity']['framework']}.partial.json"
    code = put(to_text(data), place, f"{len(data['cells'])} cells, partial")
    if not options.keep:
        shutil.rmtree(journal, ignore_errors=True)
    return code


def write_ctrf(options: argparse.Namespace) -> int:
    from conformance.export.ctrf import ctrf

    return put(_json(ctrf(_read(options.file))), options.out, "CTRF")


def write_sarif(options: argparse.Namespace) -> int:
    from conformance.export.sarif import sarif

    return put(_json(sarif(_read(options.file))), options.out, "SARIF")


def write_badge(options: argparse.Namespace) -> int:
    from conformance.export.badge import badge

    return put(badge(_read(options.file)), options.out, "the badge")


def _read(path: Path) -> Data:
    from conformance.certificate import read

    return read(path)


def renderer(name: str) -> Callable[..., str]:
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


def put(text: str, place: Path, what: str) -> int:
    from conformance.certificate import replace_text

    if str(place) == "-":
        sys.stdout.write(text)
    else:
        print(f"{replace_text(place, text)}: {what}")
    return 0


def complain(message: str) -> int:
    print(f"gaugeblock: {' '.join(message.split())}", file=sys.stderr)
    return BAD
