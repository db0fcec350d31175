"""Work on a thread of its own that is done when told to, and again after a while; what it does, a kind of it says."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Errand:
    """Calls `once`, which returns after how many seconds to be called again if nobody tells it to before.

    It begins as soon as it is started; `last` is called when it is over.
    """

    def __init__(self, name: str, once: Callable[[], float], last: Callable[[], object] = lambda: None) -> None:
        self._task, self._over = once, last
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._bell.set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def owe(self) -> None:
        """There may be something to do."""
        self._bell.set()

    def stopping(self) -> bool:
        """Whether it was told to end."""
        return self._stopping.is_set()

    def end(self) -> None:
        """Begin nothing more."""
        self._stopping.set()
        self._bell.set()

    def ended(self, grace: float) -> bool:
        """Whether it ended, waiting for it so many seconds."""
        self._thread.join(grace)
        return not self._thread.is_alive()

    def _work(self) -> None:
        wait = 0.0
        try:
            while True:
                self._bell.wait(wait)
                self._bell.clear()
                if self.stopping():
                    return
                wait = self._task()
        finally:
            self._over()
