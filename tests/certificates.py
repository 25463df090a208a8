"""Certificates as small as a test needs them, and the command that is given them."""

import json

from conformance.certificate.checking import counts_of, regions_of
from gaugeblock.command import main


def cell(
    equation="relu", property_name="value", outcome="passed", *, device="cpu", dtype="float32", mode="eager", **more
):
    """One cell of a framework called mine."""
    case = f"{equation}-mine-{device}-{dtype}-{mode}"
    where = {"case": case, "equation": equation, "device": device, "dtype": dtype, "mode": mode}
    return where | {"property": property_name, "outcome": outcome} | more


def certificate(*cells, seed=0, equations=("*",), version="1.0", started="2026-01-01T00:00:00+00:00", **more):
    """A certificate of these cells, whose sums are theirs."""
    rows = list(cells)
    data = {
        "schema": 2,
        "partial": False,
        "identity": {
            "framework": "mine", "version": version, "build": {"threads": "1"}, "devices": ["cpu"], "python": "3.11.0",
            "platform": "Linux", "processor": "x86_64", "facts": {}, "versions": {"gaugeblock": "0.1.0"},
            "commit": "abc", "dirty": False,
        },
        "choice": {
            "framework": "mine", "equations": list(equations), "devices": [], "dtypes": ["*"], "modes": ["*"],
            "effort": "standard", "seed": seed, "limit": 120.0,
        },
        "run": {"started": started, "seconds": 1.5, "workers": 2},
        "planned": {"cells": len({c["case"] for c in rows}), "offered": 9},
        "counts": counts_of(rows),
        "regions": regions_of(rows),
        "errata": [],
        "cells": rows,
    }  # fmt: skip
    return data | more


def first_form(data):
    """The same certificate as version 1 had it."""
    old = {k: v for k, v in data.items() if k not in ("partial", "errata")} | {"schema": 1}
    identity = {k: v for k, v in data["identity"].items() if k not in ("devices", "commit", "dirty")}
    text = json.dumps(old | {"identity": identity}).replace('"Infinity"', '"inf"').replace('"NaN"', '"nan"')
    return json.loads(text)


def report(capsys, *arguments):
    """The exit code, and what was said on both channels."""
    code = main(["report", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def saved(folder, name, data):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
