"""A confined decoder can open nothing: whatever it needs has to be there before the picture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generation.images.formats import PictureFormat
from generation.images.pixels import prepare
from tests.generation.images.kinds import KINDS
from tests.generation.images.pictures import corners, encoded

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "tests" / "data" / "pictures"

OPENED = """
import sys, warnings
from pathlib import Path
from generation.images import decoder
from generation.images.pixels import Refusal, prepare, upright
warnings.simplefilter("ignore")
prepare()
names = [name for folder in sys.argv[1:] for name in sorted(Path(folder).rglob("*.*"))]
pictures = {name.name: name.read_bytes() for name in names}
def hear(event, arguments):
    if event in ("open", "import", "os.listdir", "os.scandir", "ctypes.dlopen"):
        print(current, event, arguments[0])
sys.addaudithook(hear)
for current, data in pictures.items():
    try:
        upright(data).image.tobytes()
    except Refusal as refusal:
        assert refusal.refused.reason
current = "none"
print(len(pictures), "pictures")
"""


@pytest.mark.filterwarnings("ignore:Tag data larger", "ignore:Image appears to be a malformed MPO")
def test_no_picture_makes_a_decoder_open_a_file(tmp_path: Path) -> None:
    prepare()
    for name, make in KINDS.items():
        (tmp_path / name).write_bytes(make())
    for one in PictureFormat:
        whole = encoded(corners(), one)
        (tmp_path / f"whole.{one}").write_bytes(whole)
        (tmp_path / f"half.{one}").write_bytes(whole[: len(whole) // 2])
        (tmp_path / f"none.{one}").write_bytes(whole[:40])
    program = [sys.executable, "-P", "-c", OPENED, str(tmp_path), str(PICTURES)]
    said = subprocess.run(program, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True)
    assert said.returncode == 0, said.stderr.decode()
    [only] = said.stdout.decode().splitlines()
    assert only.endswith(" pictures")
    assert int(only.split()[0]) > 60
