"""`gaugeblock report`: what can be done with certificates once they are written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gaugeblock.reporting import actions, publishing

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
    says = "one certificate of several: shards, or devices, of one run"
    merging = add("merge", actions.merge_parts, says, "FILE", "+")
    merging.add_argument("-o", "--out", required=True, help="where it is written; - is the terminal", **out)
    merging.add_argument("--last", action="store_true", help="where two have a cell differently, the later one counts")
    says = "what changed; exit code 1 where something that conformed does no more"
    differing = add("diff", actions.show_difference, says, "OLD")
    differing.add_argument("new", type=Path, metavar="NEW", help="the later one")
    says = "a page of each certificate, with those beside it as history"
    rendering = add("render", actions.render_pages, says, "FILE", "+")
    rendering.add_argument("-o", "--out", help="the page, or a folder for several (default: beside each)", **out)
    says = "a certificate of a whole run and its page into a folder, and into the index of that folder"
    published = add("publish", publishing.publish, says, "FILE")
    published.add_argument("-o", "--out", default=Path("reports"), help="the folder (default: reports)", **out)
    add("index", publishing.write_index, "index.html and README.md of a folder, from the certificates in it", "FOLDER")
    says = "whether each is a certificate, and its counts are those of its cells"
    add("validate", actions.validate_files, says, "FILE", "+")
    power = add("power", actions.render_table, "the page of a power table: which planted bugs were caught", "TABLE")
    says = "the partial certificate of a run that died, from its journal"
    recovering = add("recover", actions.recover_run, says, "JOURNAL-FOLDER", "?")
    recovering.set_defaults(files=Path("reports/latest"))
    recovering.add_argument("-o", "--out", help="where it is written (default: beside the journal)", **out)
    recovering.add_argument("--anyway", action="store_true", help="even if its run seems to be going on")
    recovering.add_argument("--keep", action="store_true", help="leave the journal where it is")
    power.add_argument("-o", "--out", help="the page (default: beside the table)", **out)
    for name, does, says in (
        ("ctrf", actions.write_ctrf, "the certificate as CTRF, the Common Test Report Format in JSON"),
        ("sarif", actions.write_sarif, "the errata of a certificate as SARIF 2.1.0"),
        ("badge", actions.write_badge, "an SVG that says how many equations conform"),
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
        return actions.complain(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return actions.complain(f"{error.filename or 'a file'}: {error.strerror or error}")
