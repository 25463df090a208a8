"""A folder of published certificates holds their data, a page of each, and an index for browsers and for code hosts."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from gaugeblock.reporting.actions import Data, complain, put, renderer

Named = list[tuple[str, Data]]  # a file's name, and the certificate in it


def write_index(options: argparse.Namespace) -> int:
    """index.html and README.md, from the certificates that lie there."""
    named = _certificates(options.file)
    return _index(options.file, named) if named else complain(f"{options.file} holds no certificate")


def publish(options: argparse.Namespace) -> int:
    """A certificate of a whole run goes into the folder under the name of what it certifies, and into the index."""
    from conformance.certificate import CertificateError, history_of, read, to_text

    data, folder = read(options.file), options.out
    if data["partial"]:
        raise CertificateError(f"{options.file} is of a run that ended before it was through; a whole one is published")
    if data["identity"]["dirty"]:
        raise CertificateError(f"{options.file} was made with changes that are in no commit; run it again without them")
    place = folder / f"{name_of(data)}.json"
    others = [(name, known) for name, known in _certificates(folder) if name != place.name] if folder.is_dir() else []
    page = renderer("render")(data, history=history_of(place, data))
    put(to_text(data), place, f"{len(data['cells'])} cells")
    put(page, place.with_suffix(".html"), "its page")
    return _index(folder, sorted([*others, (place.name, data)], key=lambda pair: pair[0]))


def name_of(data: Data) -> str:
    """torch-2.13.0-cpu: what was certified, without the local part of its version, which the devices say."""
    identity = data["identity"]
    parts = [identity["framework"], identity["version"].partition("+")[0], *identity["devices"]]
    return "-".join(re.sub(r"[^\w.]+", "_", str(part)).strip("._") or "unnamed" for part in parts)


def _certificates(folder: Path) -> Named:
    """In the order of their names. Some other JSON is left out and named; a certificate that is none is an error."""
    from conformance.certificate import NoCertificate, read

    named = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".json" and path.is_file():
            try:
                named.append((path.name, read(path)))
            except NoCertificate:
                print(f"{path} is no certificate and is left out", file=sys.stderr)
    return named


def _index(folder: Path, named: Named) -> int:
    from conformance.export.folder import readme

    before = folder / "README.md"
    pages = {path.name for path in folder.glob("*.html")}
    text = readme(before.read_text(encoding="utf-8") if before.exists() else "", named, pages)
    page = renderer("render_index")(named)
    put(page, folder / "index.html", f"{len(named)} certificates")
    return put(text, before, f"{len(named)} certificates")
