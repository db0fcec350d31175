"""A purge killed in the middle is done wholly or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from purgekit import NOW, Hall, Keep

from punchsync.operations.purge import plan_purge, purge
from punchsync.operations.verify import verify

Fresh = Callable[[], Hall]

SCRIPT = """
import os, signal, sys
from pathlib import Path
from purgekit import NOW, Hall, Keep
from punchsync.operations import purge
from punchsync.store.store import SqlStore

def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)

place, kind = sys.argv[1:]
hall = object.__new__(Hall)
hall.folder = Path(place)
hall.site = hall.open(NOW)
if kind == "erased":
    purge.unlike = die
else:
    SqlStore.scrub = die
purge.purge(hall.site.hall, Keep(), NOW, "某")
"""


@pytest.mark.parametrize(("where", "done"), [("erased", False), ("committed", True)])
def test_a_purge_that_is_killed_is_done_or_not(whole: Fresh, where: str, done: bool) -> None:
    hall = whole()
    exports, verdicts, anchor = hall.exports(()), hall.verdicts(), hall.anchor()
    hall.close()
    killed = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(hall.folder), where], timeout=60, check=False, cwd=Path(__file__).parent
    )
    assert killed.returncode == -signal.SIGKILL
    hall.site = hall.open(NOW)
    assert verify(hall.site.hall, anchors=[anchor]).differences == ()
    assert (hall.exports(()) == exports, hall.verdicts() == verdicts) == (not done, True)
    assert (plan_purge(hall.site.hall, Keep(), NOW).cut is None) == done
    again = purge(hall.site.hall, Keep(), NOW, "某")
    assert (again.checkpoint is None, verify(hall.site.hall).differences) == (done, ())
