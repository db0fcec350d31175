"""Where services are forked from: one process that has all modules loaded, so that a start takes no second.

As a script, given the pid of whoever starts it, it takes lines on stdin: a `Started` in JSON forks a service, a pid
waits for its end; each is answered by a line, the pid or the exit status.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


class Nest:
    """The process that forks."""

    def __init__(self) -> None:
        argv = [sys.executable, str(Path(__file__)), str(os.getpid())]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, how: dict[str, object]) -> int:
        """Fork a service; its pid."""
        return int(self._ask(json.dumps(how)))

    def wait(self, pid: int) -> int:
        """Wait for a service's end; its status, negative for a signal."""
        return int(self._ask(str(pid)))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):  # killed by somebody else
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _ask(self, line: str) -> str:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


_SHARED: list[Nest] = []


def nest() -> Nest:
    """This process's nest; whoever asks for it first ends it, by `end`."""
    if not _SHARED:
        _SHARED.append(Nest())
    return _SHARED[0]


def end() -> None:
    """End this process's nest, if there is one."""
    while _SHARED:
        _SHARED.pop().close()


def die_with(parent: int) -> None:
    """Be killed when the parent is gone, whatever this process waits for (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # gone before it was asked for
        os._exit(71)


def main() -> None:
    """Fork services until stdin ends."""
    die_with(int(sys.argv[1]))
    import alembic.command  # noqa: F401
    import apscheduler.schedulers.background  # noqa: F401
    import sqlalchemy.dialects.sqlite  # noqa: F401
    import zk  # noqa: F401
    from fault_service import Started, run

    import punchsync.bootstrap
    import punchsync.cli.cmd_serve
    import punchsync.intake.notices
    import punchsync.logs
    import punchsync.service.daemon
    import punchsync.store.store
    import punchsync.terminals  # noqa: F401

    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, int):
            status = os.waitstatus_to_exitcode(os.waitpid(asked, 0)[1])
            print(status, flush=True)
            continue
        own = os.getpid()
        pid = os.fork()
        if pid == 0:
            die_with(own)
            try:
                run(Started(**asked))
            except BaseException:
                import traceback

                traceback.print_exc()
            os._exit(70)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
