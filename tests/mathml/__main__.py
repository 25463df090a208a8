"""Every formula of the catalogue as MathML.

npm install --prefix build/temml temml@0.13.5 && python -m tests.mathml build/temml
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from conformance.report.formulas import DATA, lines
from reference.catalogue import CATALOGUE

SCRIPT = Path(__file__).with_name("render.mjs")


def main() -> int:
    """Write the file that pages read; a formula that cannot be rendered is an error with its text."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build/temml")
    module = (home / "node_modules" / "temml" / "dist" / "temml.mjs").resolve()
    texts = sorted({line for entry in CATALOGUE.values() for latex in formulas(entry) for line in lines(latex)})
    done = subprocess.run(
        ["node", str(SCRIPT), str(module)],  # noqa: S607 - whichever node there is
        input=json.dumps(texts), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
        return 1
    DATA.write_text(done.stdout, encoding="utf-8")
    print(f"{DATA}: {len(texts)} lines of formulas, {DATA.stat().st_size:,} bytes")
    return 0


def formulas(entry):
    """The equation's own and those of its dialects."""
    return [entry.latex, *(dialect.latex for dialect in entry.dialects.values())]


if __name__ == "__main__":
    sys.exit(main())
