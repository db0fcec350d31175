"""Runs the press in a process of its own, bounded in time and memory, one at a time; what is light is made at once."""

from __future__ import annotations

import os
import signal
import subprocess  # nosec B404 - one command of our own, no shell
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from punchsync.publish.forms import LIGHT
from punchsync.publish.order import Order, write
from punchsync.publish.press import press
from punchsync.publish.pressed import Garbled, unpack
from punchsync.publish.pressed import Pressed as Pressed
from punchsync.texts import _, language

PATIENCE: Final = 120.0
"""Seconds that all forms of an order may take; a large month takes a few."""
LARGEST: Final = 128 * 2**20
"""Bytes of an answer, at most."""
PRESS: Final = (sys.executable, "-P", "-s", "-m", "punchsync.publish.press")
KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV")
"""What the process is told of the daemon's environment, beside Python's own settings: no secrets."""
ONE: Final = Lock()
"""Held while a press runs: two at once would need twice the memory."""


class PressFailed(Exception):
    """The press gave no files at all; says what happened."""


def pressed(order: Order, timeout: float = PATIENCE, command: Sequence[str] = PRESS) -> Pressed:
    """The files of an order; raises PressFailed where its process ended badly, took too long or answered nonsense, and
    OSError where it could not even be started."""
    if LIGHT.issuperset(order.forms) and order.language == language():
        return press(order)
    told = order._replace(fonts=tuple(map(_absolute, order.fonts)), templates=_absolute(order.templates))
    with ONE, TemporaryDirectory(prefix="punchsync-press-") as name:
        answer = _run(write(told), Path(name), timeout, command)
    try:
        made = unpack(answer)
    except Garbled as error:
        raise PressFailed(_("做文书的进程没有给出完整的文件，请再试一次。")) from error
    if made.files.keys() | made.failed.keys() != set(order.forms):
        raise PressFailed(_("做文书的进程没有给出完整的文件，请再试一次。"))
    return made


def _run(order: str, folder: Path, timeout: float, command: Sequence[str]) -> bytes:
    """The bytes that the process answers with. They go through files: a flood of words fills no memory of ours."""
    asked, answered, told = (folder / name for name in ("order", "answer", "told"))
    asked.write_text(order)
    with asked.open("rb") as stdin, answered.open("wb") as stdout, told.open("wb") as stderr:
        process = subprocess.Popen(  # nosec B603 # noqa: S603 - our own module, or a test's command
            [*command, str(os.getpid())],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=_environment(folder),
        )
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            said = _("做文书超过了 {seconds} 秒，已经停下。机器太忙或内存不足时会这样，请稍后再试。")
            raise PressFailed(said.format(seconds=round(timeout))) from error
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code < 0:
        said = _("做文书的进程被终止（信号 {signal}），常见原因是内存不足。请稍后再试。")
        raise PressFailed(said.format(signal=_signal(-code)))
    if code:
        said = _("做文书的进程出错（退出码 {code}）：{said}")
        raise PressFailed(said.format(code=code, said=_last(told) or "-"))
    if answered.stat().st_size > LARGEST:
        raise PressFailed(_("做文书的进程给出的文件太大。"))
    return answered.read_bytes()


def _environment(folder: Path) -> dict[str, str]:
    """What matplotlib and typst keep, they keep in the folder; no other fonts are searched, numbers need no threads."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("PYTHON")}
    caches = dict.fromkeys(("TMPDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(folder))
    return {"HOME": str(folder), **kept, **caches, "MPL_IGNORE_SYSTEM_FONTS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _absolute(path: str) -> str:
    """A path that holds in another working folder, too."""
    return str(Path(path).absolute()) if path else ""


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _last(told: Path) -> str:
    """The last line of what the process told, cut short."""
    with told.open("rb") as file:
        file.seek(max(0, told.stat().st_size - 2000))
        lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")
