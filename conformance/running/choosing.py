"""What a user asks for on the command line, as data."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.plan import Choice


def chosen_by(config: pytest.Config) -> Choice:
    """What the command line asks for."""
    option = config.option
    framework = option.framework
    if framework.endswith(".py"):
        framework = str((config.invocation_params.dir / framework).resolve())
    return Choice(
        framework, _split(option.equations), _split(option.gauge_device), _split(option.gauge_dtype),
        _split(option.gauge_mode), option.gauge_effort, option.gauge_seed, option.gauge_limit,
    )  # fmt: skip


def replayed_choice(choice: Choice, found: dict[str, Any]) -> Choice:
    """The framework of a certificate, unless another is asked for; and only the equation that is replayed."""
    recorded_choice = found["choice"]
    framework = recorded_choice["framework"] if choice.framework == "torch" else choice.framework
    return replace(
        choice, framework=framework, equations=(found["rows"][0]["equation"],), effort=recorded_choice["effort"]
    )


def report_folder(config: pytest.Config) -> Path:
    """Where the certificate is written: of a clone, in the clone; else where the user stands."""
    home = config.rootpath
    in_clone = Path(__file__).resolve().parents[2] == home and os.access(home, os.W_OK)
    return (home if in_clone else Path.cwd()) / str(config.option.report_dir)


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def workers_of(config: pytest.Config) -> int:
    return len(getattr(config.option, "tx", None) or []) or 1
