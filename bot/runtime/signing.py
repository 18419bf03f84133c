"""Who signs the clips: what the settings say, tried out before anybody's clip depends on it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Mapping

import structlog

from bot.runtime.extras import how_to_add
from config.sections import MarkingSettings
from generation.errors import Misconfigured
from generation.media.provenance import Signer

log = structlog.get_logger(__name__)

LIMIT = 30.0
"""Seconds for one small signature on a slow machine, the library's loading included."""


def signer_of(marking: MarkingSettings, environment: Mapping[str, str]) -> Signer | None:
    """The signer that `marking` describes, after one trial signature in a child process.

    Raises `Misconfigured`: a clip without its promised mark is worse than no start.
    """
    if marking.certificate is None or marking.private_key is None:
        return None
    if importlib.util.find_spec("c2pa") is None:
        raise Misconfigured(
            "marking.certificate is set, but the library that signs is not installed; "
            f"install it with `{how_to_add('c2pa')}`."
        )
    signer = Signer(
        marking.certificate.absolute(),
        marking.private_key.absolute(),
        marking.algorithm,
        marking.timestamp_url,
    )
    _try(signer, environment)
    return signer


def _try(signer: Signer, environment: Mapping[str, str]) -> None:
    command = (sys.executable, "-P", "-m", "generation.media.provenance", signer.to_json())
    try:
        trial = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT, env=dict(environment)
        )
    except subprocess.TimeoutExpired:
        raise Misconfigured("The trial signature took too long; try another start.") from None
    if trial.returncode != 0:
        log.warning("trial_signature_failed", reason=trial.stderr[-300:])
        raise Misconfigured(trial.stdout or "The trial signature failed; the log says why.")
