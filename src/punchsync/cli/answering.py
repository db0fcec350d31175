"""What a service answers over HTTP, put together: the looks of `service` and the desk, at the address of `desk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.desk.listen import Listener
    from punchsync.service.pulse import Pulse
    from punchsync.service.settler import Settler


class Answering:
    """The listener and the settler that it tells of changes, as one companion."""

    def __init__(self, listener: Listener, settler: Settler) -> None:
        self._listener, self._settler = listener, settler

    @property
    def address(self) -> str:
        """Where it listens, with the port that it got."""
        return self._listener.address

    def end(self) -> None:
        """Accept nothing more, settle nothing more."""
        self._listener.end()
        self._settler.end()

    def ended(self, grace: float) -> bool:
        """Whether both ended, waiting for each so many seconds."""
        return self._listener.ended(grace) and self._settler.ended(grace)


def answering(site: Site, pulse: Pulse) -> Answering | None:
    """Listens where a site's settings say, and counts what is logged from now on; None where they say `off`.

    Raises Refused for an address that is none of ours, Occupied for one that another program has.
    """
    listen = site.settings.desk.listen
    if listen == "off":
        return None
    # Each of these is loaded for this alone.
    import structlog

    from punchsync.bootstrap.rereading import Reread, Step, listened
    from punchsync.desk.app import app
    from punchsync.desk.desk import Desk
    from punchsync.desk.listen import Listener
    from punchsync.desk.place import place_of
    from punchsync.desk.web import furnish
    from punchsync.logs import configure
    from punchsync.service.metrics import metrics_of
    from punchsync.service.settler import Settler
    from punchsync.service.typed import poll
    from punchsync.service.watch import watch_of

    def reread(terminal: str, records: Step, judged: Step) -> Reread:
        reader = listened(site.hall.reader, records)
        return Reread(*poll(site, [terminal], full=True, judging=judged, reader=reader))

    watch = watch_of(site, pulse)
    metrics = metrics_of(site, watch)
    settler = Settler(site)
    made = app(watch.alive, watch.ready, metrics.exposition)
    try:
        furnish(made, Desk(site, settler.owe, reread))
        listener = Listener(made, listen)
        listener.start()
    except BaseException:
        settler.end()
        raise
    configure(watch=metrics.note)
    log = structlog.get_logger("punchsync.desk")
    log.info("listening", address=listener.address, outside=place_of(listen).outside)
    return Answering(listener, settler)
