"""The demonstration delivers its ledger to a receiver that goes away in the middle and comes back."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path

from punchsync.bootstrap.channels import scoring_store
from punchsync.cli.delivered import reason
from punchsync.cli.demo_stage import Stage
from punchsync.cli.demo_tell import Teller
from punchsync.core.outbox import Answer
from punchsync.core.readback import COLUMNS
from punchsync.operations.deliver import Pushed, push, reconcile
from punchsync.receiver import Receiver, ReceiverServer, ScoreTable
from punchsync.settings.parts import ScoringPart
from punchsync.texts import _

FILE = "scores.db"
BATCH = 5
LOOK = 0.02


class Receiving:
    """A receiver on loopback that can go away and come back, at one address and with one file."""

    def __init__(self, file: Path) -> None:
        self._table = ScoreTable(file)
        self._address = ("127.0.0.1", 0)
        self._server: ReceiverServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Receiving:
        self.url = self.up()
        return self

    def __exit__(self, *args: object) -> None:
        self.down()
        self._table.close()

    def up(self) -> str:
        """Begin to take batches; returns where."""
        receiver = Receiver(self._table, time.time)
        self._server = ReceiverServer(self._address, receiver, lambda method, answer: None)
        self._address = ("127.0.0.1", int(self._server.server_address[1]))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(LOOK,), name="receiver", daemon=True)
        self._thread.start()
        return self._server.url

    def down(self) -> None:
        """Go away; nothing happens where that is done."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = self._thread = None

    def rows(self, hall: str, most: int) -> list[tuple[str, ...]]:
        """What it has of a hall, by entry id."""
        return [tuple(entry) for entry in self._table.give(hall, "", most)]


def deliver_all(tell: Teller, stage: Stage) -> None:
    """Push to a receiver that goes away halfway, try without it, push again when it is back, and compare."""
    site, file = stage.site, stage.site.folder / FILE
    total = len(stage.rows("ledger"))

    with Receiving(file) as receiving:
        part = ScoringPart(sink="http", url=receiving.url)
        with closing(scoring_store(site.folder, part, f"http {receiving.url}", site.hall.id)) as store:

            def halfway(done: int, _total: int) -> None:
                if 2 * done >= total:
                    receiving.down()

            first = push(site.hall, store, BATCH, progress=halfway)
            receiving.down()
            away = push(site.hall, store, BATCH)
            receiving.up()
            rest = push(site.hall, store, BATCH)
            compared = reconcile(site.hall, store)
        there = receiving.rows(site.hall.id, total + BATCH)
    apart = sum(a != b for a, b in zip(there, booked(stage), strict=False)) + abs(len(there) - total)
    tell.step(
        _("账目送到评分库"),
        _("评分库由一个接收端代替（punchsync receiver）；送到一半，它停了，后来又起来了。"),
        _("punchsync push：每批 {n} 笔，收下一批再送下一批；送不成的留着，接收端回来后接着送。").format(n=BATCH),
        _("接收端的表与账目逐行比较，共 {rows} 行，不同 {apart} 行；push --reconcile 读回核对，差异 {n} 处。").format(
            rows=len(there), apart=apart, n=len(compared.differences)
        ),
    )
    tell.show(
        [_("推送"), _("送达"), _("尚待"), _("原因")],
        [row(_("送到一半，接收端停了"), first), row(_("接收端停着"), away), row(_("接收端回来了"), rest)],
    )


def row(what: str, done: Pushed) -> list[str]:
    """What a push did, as a row."""
    why = reason(Answer("again", done.failed.code)) if done.failed else "—"
    return [what, str(done.entries), str(done.owed.waiting), why]


def booked(stage: Stage) -> list[tuple[str, ...]]:
    """The ledger as it is exported, by entry id."""
    return sorted((tuple(e[c] for c in COLUMNS) for e in stage.rows("ledger")), key=lambda e: e[1])
