"""The log's blob as bytes, built once and added to while the log only grows."""

from collections.abc import Sequence
from itertools import islice

from punchsync.emulator import layout as layouts
from punchsync.emulator.traits import Layout, Record


class LogImage:
    """Keeps the rows' bytes of one log; a log that was cleared or swapped has another `generation`."""

    def __init__(self) -> None:
        self._made: tuple[int, Layout] | None = None
        self._stored = 0
        self._rows = b""
        self._blob: tuple[int, bytes] | None = None

    def blob(self, log: Sequence[Record], stored: int, generation: int, layout: Layout, total_off: int) -> bytes:
        """Give the blob of a log into which `stored` rows were put in this generation, the last ones still in it."""
        if self._made != (generation, layout):
            self._made, self._stored, self._rows, self._blob = (generation, layout), 0, b"", None
        fresh = min(stored - self._stored, len(log))
        if fresh:
            new = layouts.log_rows(reversed(list(islice(reversed(log), fresh))), layout)
            room = layouts.row_bytes(layout) * len(log)
            self._rows = (self._rows + new)[-room:]
            self._stored, self._blob = stored, None
        if self._blob is None or self._blob[0] != total_off:
            self._blob = total_off, layouts.counted(layouts.before(layout) + self._rows, total_off)
        return self._blob[1]
