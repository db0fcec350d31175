"""The packs that months were judged by, as they were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from punchsync.core.difference import Difference
from punchsync.core.rules import Pack
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work


class Packs:
    """Kept packs by digest, each read once; the hall's own is not read at all."""

    def __init__(self, hall: Hall, work: Work) -> None:
        self._hall = hall
        self._work = work
        self._known: dict[str, Pack | None] = {hall.pack.digest: hall.pack}
        self._there: set[str] = set()

    def of(self, digest: str) -> Pack | None:
        """A pack; None for one that is not there, is another than it says, or can't be read by this version."""
        if digest not in self._known:
            text = self._work.papers.pack(digest)
            found = None if text is None else self._hall.kept_pack(text)
            if text is not None:
                self._there.add(digest)
            if found is not None and found.digest != digest:
                self._there.discard(digest)
                found = None
            self._known[digest] = found
        return self._known[digest]

    def unreadable(self, digest: str) -> bool:
        """Whether a pack is there as it was, and this version can't read it."""
        return self.of(digest) is None and digest in self._there

    def missing(self, used: Iterable[tuple[str, str]]) -> Iterator[Difference]:
        """The packs that something was judged by (digest and what) and that are not there as they were, each once."""
        told: set[str] = set()
        for digest, what in used:
            if self.of(digest) is None and not self.unreadable(digest) and digest not in told:
                told.add(digest)
                yield Difference("packs", f"pack {digest}", "", what)
