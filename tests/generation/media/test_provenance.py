"""A signed clip says who made it and how, to anybody who reads C2PA, and nothing is changed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import av
import c2pa
import numpy as np
import pytest

from generation.errors import Misconfigured
from generation.media.encode import EncodingFailed
from generation.media.marking import VOCABULARY, DigitalSource, source_of
from generation.media.probe import probe
from generation.media.provenance import Signer, check, parse_signer
from generation.media.recipe import read_recipe
from generation.media.shrink import fit
from generation.media.sound import Sound
from tests.generation.media.authority import signer_in
from tests.generation.media.clips import RECIPE, encoder, gradient, noise, recipe

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
LEFT = {"clip.mp4", "clip.jpg"}


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    (tmp_path / "credentials").mkdir()
    return signer_in(tmp_path / "credentials")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clips").mkdir()
    return tmp_path / "clips"


def signed(
    folder: Path,
    signer: Signer,
    sound: Sound | None = None,
    source: DigitalSource = DigitalSource.TRAINED_ALGORITHMIC_MEDIA,
) -> Path:
    with encoder(folder, signer=signer, sound=sound, source=source) as target:
        for frames in gradient(RECIPE):
            target.write(frames)
        return target.finish().path


def read(clip: Path) -> dict[str, Any]:
    with clip.open("rb") as file, c2pa.Reader("video/mp4", file) as reader:
        found: dict[str, Any] = json.loads(reader.json())
        return found


def failures(clip: Path) -> set[str]:
    results = read(clip)["validation_results"]["activeManifest"]
    return {result["code"] for result in results["failure"]}


def active(clip: Path) -> dict[str, Any]:
    found = read(clip)
    manifest: dict[str, Any] = found["manifests"][found["active_manifest"]]
    return manifest


@pytest.mark.parametrize("source", list(DigitalSource))
def test_the_manifest_says_what_made_the_clip(
    folder: Path, signer: Signer, source: DigitalSource
) -> None:
    manifest = active(signed(folder, signer, source=source))
    [actions] = [one for one in manifest["assertions"] if one["label"].startswith("c2pa.actions")]
    photoplay = {"name": "photoplay", "version": version("photoplay")}
    assert actions["data"]["actions"] == [
        {
            "action": "c2pa.created",
            "digitalSourceType": VOCABULARY + source,
            "softwareAgent": photoplay,
        }
    ]
    assert photoplay.items() <= manifest["claim_generator_info"][0].items()
    assert manifest["signature_info"]["common_name"] == "Test signer"
    assert manifest["title"] == "clip.mp4"


def test_only_the_unknown_root_is_found_wanting(folder: Path, signer: Signer) -> None:
    clip = signed(folder, signer)
    assert read(clip)["validation_state"] == "Valid"
    assert failures(clip) == {"signingCredential.untrusted"}
    assert {path.name for path in folder.iterdir()} == LEFT


def test_a_signed_clip_plays_and_keeps_recipe_and_mark(folder: Path, signer: Signer) -> None:
    clip = signed(folder, signer)
    found = probe(clip)
    assert (found.frames, found.profile, found.moov_first) == (RECIPE.frames, "High", True)
    assert read_recipe(clip) == RECIPE
    assert source_of(clip) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    with av.open(str(clip)) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    shown = np.stack(pictures).astype(int)
    drawn = np.concatenate(list(gradient(RECIPE))).astype(int)
    assert np.abs(shown - drawn).mean() < 8


def test_a_clip_with_sound_is_signed_too(folder: Path, signer: Signer) -> None:
    hum = Sound(np.full((2, 12_000), 0.25, dtype=np.float32), 24_000)
    clip = signed(folder, signer, hum)
    assert probe(clip).has_audio
    assert failures(clip) == {"signingCredential.untrusted"}
    with av.open(str(clip)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) > 0


@pytest.mark.parametrize("what", [b"trainedAlgorithmicMedia</", RECIPE.prompt.encode()])
def test_a_changed_mark_or_recipe_is_found_out(folder: Path, signer: Signer, what: bytes) -> None:
    clip = signed(folder, signer)
    content = clip.read_bytes()
    at = content.rindex(what)
    clip.write_bytes(content[:at] + b"X" + content[at + 1 :])
    assert "assertion.bmffHash.mismatch" in failures(clip)


def test_the_manifest_counts_in_the_size_cap(folder: Path, signer: Signer) -> None:
    asked = recipe(width=256, height=256, frames=25)
    cap = 60_000
    with encoder(folder, asked, size_cap=cap, signer=signer) as target:
        for frames in noise(asked):
            target.write(frames)
        clip = target.finish()
    assert clip.size == clip.path.stat().st_size <= cap
    assert failures(clip.path) == {"signingCredential.untrusted"}


def test_a_smaller_copy_is_signed_anew(folder: Path, signer: Signer) -> None:
    asked = recipe(width=256, height=256, frames=25)
    with encoder(folder, asked, signer=signer) as target:
        for frames in noise(asked):
            target.write(frames)
        clip = target.finish()
    copy = folder / "copy.mp4"
    fit(clip.path, copy, clip.size // 3, signer)
    assert copy.stat().st_size <= clip.size // 3
    assert failures(copy) == {"signingCredential.untrusted"}
    assert read_recipe(copy) == asked
    assert {path.name for path in folder.iterdir()} == {*LEFT, "copy.mp4"}


def test_a_clip_that_cannot_be_signed_is_no_clip(folder: Path, signer: Signer) -> None:
    nobody_listens = replace(signer, timestamp_url="http://127.0.0.1:9/")
    with pytest.raises(EncodingFailed) as caught:
        signed(folder, nobody_listens)
    assert caught.value.reason == "signature"
    assert "127.0.0.1" not in str(caught.value)
    assert list(folder.iterdir()) == []


def test_a_key_that_is_gone_leaves_no_clip(folder: Path, signer: Signer) -> None:
    signer.private_key.unlink()
    with pytest.raises(EncodingFailed, match="signature"):
        signed(folder, signer)
    assert list(folder.iterdir()) == []


def test_good_credentials_pass_the_check(signer: Signer) -> None:
    check(signer)


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot sign"):
        check(signer_in(tmp_path, days=-1))


def test_a_key_of_another_certificate_is_refused(tmp_path: Path, signer: Signer) -> None:
    other = signer_in(tmp_path)
    with pytest.raises(Misconfigured, match="cannot sign"):
        check(replace(signer, private_key=other.private_key))


@pytest.mark.parametrize("algorithm", ["es384", "ps256", "none"])
def test_a_key_of_another_kind_is_refused(signer: Signer, algorithm: str) -> None:
    with pytest.raises(Misconfigured, match="cannot sign"):
        check(replace(signer, algorithm=algorithm))


@pytest.mark.parametrize("name", ["certificate", "private_key"])
def test_a_missing_file_is_named_by_its_setting(signer: Signer, name: str) -> None:
    {"certificate": signer.certificate, "private_key": signer.private_key}[name].unlink()
    with pytest.raises(Misconfigured, match=f"marking.{name} cannot be read") as caught:
        check(signer)
    assert ".pem" not in caught.value.message


@pytest.mark.parametrize("url", [None, "http://timestamp.example.org"])
def test_a_signer_survives_its_json(url: str | None) -> None:
    signer = Signer(Path("/a/chain.pem"), Path("/a/key.pem"), "ed25519", url)
    assert parse_signer(signer.to_json()) == signer


def test_the_program_that_makes_smaller_copies_signs_them(folder: Path, signer: Signer) -> None:
    clip, copy = signed(folder, signer), folder / "copy.mp4"
    program = (sys.executable, "-m", "generation.media.shrink", str(clip), str(copy), "100000")
    done = subprocess.run((*program, "--sign", signer.to_json()), cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0
    assert failures(copy) == {"signingCredential.untrusted"}
