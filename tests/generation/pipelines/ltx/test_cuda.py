"""Why no GPU can be used is one sentence with its cure."""

from __future__ import annotations

import pytest

from generation.pipelines.ltx.cuda_probe import examine, reason_of

OLD = "CUDA initialization: The NVIDIA driver on your system is too old (found version 11040)."


@pytest.mark.slow
@pytest.mark.parametrize("hidden", ["", "-1"])
def test_hidden_gpus_are_told_by_what_hides_them(
    hidden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert examine().problem == "CUDA_VISIBLE_DEVICES hides every GPU from photoplay."


def test_an_old_driver_is_told_from_one_that_is_silent() -> None:
    assert reason_of(OLD, "13.0").startswith("The NVIDIA driver is too old for CUDA 13.0")
    assert reason_of("", "13.0") == "The NVIDIA driver gives torch no GPU: update or restart it."
