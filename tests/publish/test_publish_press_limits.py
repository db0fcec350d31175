"""The press under the daemon's own unit: every limit that kernel and container permit."""

from __future__ import annotations

import ctypes
import json
import shutil
import subprocess
import sys
from pathlib import Path

import docsamples
import pytest

from punchsync.publish.order import Order, write

HEAVY = ("docx", "pdf")
ROOT = Path(__file__).resolve().parents[2]
ASKING = """
import json, os, sys, tempfile
from punchsync.bootstrap.pressing import pressed
from punchsync.publish.order import read
before = os.listdir(tempfile.gettempdir())
made = pressed(read(sys.stdin.read()))
left = [*set(os.listdir(tempfile.gettempdir())).difference(before), *os.listdir()]
print(json.dumps([sorted(made.files), dict(made.failed), dict(made.undrawn), left]))
"""


def lacking() -> str:
    """What the limits need and is not here; "" where all is."""
    if shutil.which("systemd-analyze") is None:
        return "no systemd-analyze, which knows the sets of system calls"
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return "no libseccomp.so.2"
    return ""


@pytest.mark.skipif(bool(lacking()), reason=f"NOT TESTED under the unit's limits: the press ({lacking()})")
def test_the_heaviest_forms_are_made_under_the_units_limits(tmp_path):
    document = docsamples.SMALL._replace(sections=(*docsamples.SMALL.sections, docsamples.pictures(3)))
    order = write(Order(document, docsamples.EDITION, HEAVY, (str(tmp_path / "fonts"),)))
    limits = [ROOT / "tests/install/limits.py", ROOT / "systemd/punchsync.service", tmp_path]

    done = subprocess.run(
        [sys.executable, *map(str, limits), "--", sys.executable, "-c", ASKING],
        input=order, capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [sorted(HEAVY), {}, {}, []]
