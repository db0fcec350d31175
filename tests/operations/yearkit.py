"""A hall's whole year out of the oracle's generator: periods of every kind, with outcomes, rankings and facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from oracle.generate import random_site, second_wave
from oracle.records import Row, Site, as_files
from properties.halls import bring, bring_read, folder
from punchsync.bootstrap import Site as Opened
from punchsync.bootstrap.clocks import FixedClock
from punchsync.core.moment import parse_moment
from punchsync.operations.settle import settle


class Year:
    """A site of one of the packs, settled at its end; its clock stands there."""

    def __init__(self, path: Path, pack: str, length: str = "year", seed: int = 1) -> None:
        self._seed = seed
        self._site, when = random_site(seed, month="2026-12", length=length, contested=False, pack=pack)
        self.path, self.when = folder(self._site, path), parse_moment(when)
        self.opened = self.open()
        self._take(self._site)
        settle(self.opened.hall, self.when)

    def open(self) -> Opened:
        """The site as of then."""
        opened = Opened(self.path)
        opened.hall = replace(opened.hall, clock=FixedClock(self.when))
        return opened

    def corrected(self) -> None:
        """The later wave of changes to the year's records, not settled."""
        wave = second_wave(self._seed, self._site)
        self.when = max(self.when, parse_moment(wave.as_of))
        self.opened.hall = replace(self.opened.hall, clock=FixedClock(self.when))
        self._take(wave)

    def _take(self, site: Site) -> None:
        kinds: list[tuple[str, Sequence[Row]]] = sorted(site.tables.items(), key=lambda item: item[0] != "staff")
        for kind, rows in kinds:
            if rows:
                bring(self.opened, kind, rows)
        for read in as_files(site).reads:
            if read["rows"]:
                bring_read(self.opened, read)
