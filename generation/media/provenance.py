"""Signs a finished clip with the operator's certificate, so that others can check who made it.

`python -m generation.media.provenance SIGNER` exits with 0 where SIGNER can sign, else with 1 and
a sentence on stdout; it is a program of its own because the bot never reads the key.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from generation.adapter import Adapter
from generation.errors import Misconfigured
from generation.media.errors import EncodingFailed, signing_failure
from generation.media.marking import VOCABULARY, DigitalSource

TRIAL = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
"""The smallest file that can carry a manifest."""

CLIP_ROOM = 2_048
"""Bytes that a clip's manifest may be longer than that of `TRIAL`: its box and its kind of hash."""

TIMESTAMP_ROOM = 16_384
"""Bytes for a time stamp: the token and the chain of whoever issues it, several kB each."""

log = logging.getLogger("photoplay.engine")


@dataclass(frozen=True, slots=True)
class Signer:
    """`certificate` is a PEM chain, the signer's own first; `private_key` is PKCS #8 in PEM.

    `algorithm` is one of es256, es384, es512, ps256, ps384, ps512 and ed25519; `timestamp_url`
    that of an RFC 3161 service, which is then asked for every clip.
    """

    certificate: Path
    private_key: Path
    algorithm: str = "es256"
    timestamp_url: str | None = None

    def to_json(self) -> str:
        return _SIGNER.dump_json(self).decode()


def parse_signer(text: str) -> Signer:
    """Raises `ValueError` (of which pydantic's `ValidationError` is one)."""
    return _SIGNER.validate_json(text)


def sign(video: Path, target: Path, signer: Signer, *, source: DigitalSource, title: str) -> None:
    """Write `target`, the MP4 `video` with a C2PA manifest before its `moov`.

    The manifest covers everything else in the file, the XMP mark too: nothing may change after.
    Raises `EncodingFailed`, where `target` may be there in part.
    """
    try:
        with video.open("rb") as unsigned, target.open("w+b") as signed:
            _embed(unsigned, "video/mp4", signed, signer, _manifest(source, title))
    except (OSError, ValueError) as error:
        raise signing_failure(str(error)) from error


def room_for(signer: Signer, source: DigitalSource, title: str) -> int:
    """The most bytes by which `sign` makes a clip longer. Raises `EncodingFailed`."""
    try:
        length = _try(signer, _manifest(source, title))
    except (OSError, ValueError) as error:
        raise signing_failure(str(error)) from error
    return length + CLIP_ROOM + (0 if signer.timestamp_url is None else TIMESTAMP_ROOM)


def check(signer: Signer) -> None:
    """Sign something small, without a time stamp. Raises `Misconfigured`."""
    for name, path in (
        ("marking.certificate", signer.certificate),
        ("marking.private_key", signer.private_key),
    ):
        try:
            path.read_bytes()
        except OSError:
            raise Misconfigured(
                f"The file of {name} cannot be read; check its path and its permissions."
            ) from None
    try:
        _try(signer, _manifest(DigitalSource.TRAINED_ALGORITHMIC_MEDIA, "trial"))
    except (EncodingFailed, OSError, ValueError) as error:
        log.error("the trial signature failed: %s", "; ".join((str(error), *_notes(error))))
        raise Misconfigured(
            "marking.certificate and marking.private_key cannot sign with marking.algorithm; they "
            "have to be a valid PEM chain for C2PA signing, the signer's certificate first, and "
            "its key as PKCS #8 in PEM."
        ) from None


def _notes(error: Exception) -> list[str]:
    return error.__notes__ if isinstance(error, EncodingFailed) else []


def _try(signer: Signer, manifest: dict[str, object]) -> int:
    """The bytes of the manifest of a file that nobody keeps."""
    offline = Signer(signer.certificate, signer.private_key, signer.algorithm)
    return _embed(BytesIO(TRIAL), "image/svg+xml", BytesIO(), offline, manifest)


def _embed(
    unsigned: BinaryIO, kind: str, signed: BinaryIO, signer: Signer, manifest: dict[str, object]
) -> int:
    """The length of the manifest in bytes; the library verifies what it wrote.

    Raises `EncodingFailed`, `OSError` for an unreadable file.
    """
    import c2pa

    chain, key = signer.certificate.read_bytes(), signer.private_key.read_bytes()
    try:
        info = c2pa.C2paSignerInfo(signer.algorithm, chain, key, signer.timestamp_url)
        with c2pa.Signer.from_info(info) as credentials, c2pa.Builder(manifest) as builder:
            return len(builder.sign(credentials, kind, unsigned, signed))
    except c2pa.C2paError as error:
        raise signing_failure(str(error)) from error


def _manifest(source: DigitalSource, title: str) -> dict[str, object]:
    """C2PA specification 2.x: the first action says how the clip came to be."""
    program = {"name": "photoplay", "version": version("photoplay")}
    created = {
        "action": "c2pa.created",
        "digitalSourceType": VOCABULARY + source,
        "softwareAgent": program,
    }
    return {
        "claim_generator_info": [program],
        "title": title,
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [created]}}],
    }


def main() -> None:
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    try:
        check(parse_signer(sys.argv[1]))
    except Misconfigured as error:
        sys.stdout.write(error.message)
        sys.exit(1)


_SIGNER: Adapter[Signer] = Adapter(Signer)


if __name__ == "__main__":
    main()
