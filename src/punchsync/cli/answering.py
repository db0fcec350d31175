"""What a service answers over HTTP, put together: the looks of `service` at the address of `desk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.desk.listen import Listener
    from punchsync.service.pulse import Pulse


def answering(site: Site, pulse: Pulse) -> Listener | None:
    """Listens where a site's settings say, and counts what is logged from now on; None where they say `off`.

    Raises Refused for an address that is none of ours, Occupied for one that another program has.
    """
    listen = site.settings.desk.listen
    if listen == "off":
        return None
    # Each of these is loaded for this alone.
    import structlog

    from punchsync.desk.app import app
    from punchsync.desk.listen import Listener
    from punchsync.desk.place import place_of
    from punchsync.logs import configure
    from punchsync.service.metrics import metrics_of
    from punchsync.service.watch import watch_of

    watch = watch_of(site, pulse)
    metrics = metrics_of(site, watch)
    listener = Listener(app(watch.alive, watch.ready, metrics.exposition), listen)
    listener.start()
    configure(watch=metrics.note)
    log = structlog.get_logger("punchsync.desk")
    log.info("listening", address=listener.address, outside=place_of(listen).outside)
    return listener
