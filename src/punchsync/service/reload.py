"""A site's settings, pack and credentials read anew, and refused as a whole where any of it is bad."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from punchsync.problems import Complaint, Refused
from punchsync.settings import FILE, Settings, load
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

Make = Callable[[], "Site"]


def renewed(old: Site, address: str, make: Make) -> Site:
    """The site as its folder says now, every credential of it had; raises Refused with every complaint.

    `address` is where its store is; that, and the hall's id, stay what they are as long as the service runs.
    """
    stays(old, address)
    new = make()
    complaints = list(credentials(new))
    if complaints:
        new.store.close()
        raise Refused(complaints)
    return new


def stays(old: Site, address: str) -> None:
    """Raise Refused where the settings are bad or name another hall or store; neither is opened for that."""
    from punchsync.bootstrap.rules import pack_complaints

    refused: list[Complaint] = []
    settings: Settings | None
    try:
        settings = load(old.folder)
    except Refused as error:
        settings = legible(old.folder)
        refused = list(error.complaints)
    found = []
    if settings is not None and settings.hall.id != old.settings.hall.id:
        found.append(Complaint(FILE, "hall.id", other(), fixed()))
    if settings is not None and (settings.store != old.settings.store or address_of(old) != address):
        found.append(Complaint(FILE, "store.url", other(), fixed()))
    if found or refused:
        raise Refused([*found, *refused, *pack_complaints(old.folder)])


def legible(folder: Path) -> Settings | None:
    """Which hall and store bad settings name, the rest made up; None where they don't say it."""
    try:
        tree: dict[str, Any] = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
        hall = {"id": tree["hall"]["id"], "name": "-", "pack": "-"}
        return Settings(**{"hall": hall, **{key: tree[key] for key in ("store",) if key in tree}})
    except (OSError, ValueError, KeyError, TypeError):
        return None  # the settings' own complaints say so already


def other() -> str:
    """What is found where a hall or store is not that of the service; no value, which may hold a password."""
    return _("与正在运行的服务不同")


def fixed() -> str:
    """What is allowed there."""
    return _("服务运行时不能改；改回去，或停掉服务再改")


def reasons(complaints: Iterable[Complaint]) -> list[str]:
    """The complaints that a log may have in words: those of what can't change while the service runs."""
    return [c.show() for c in complaints if c.found == other()]


def address_of(site: Site) -> str:
    """Where a site's store is, by its settings and, if they name one, the credential as it is now."""
    from punchsync.bootstrap.addresses import store_url

    return store_url(site.settings.store.url, site.folder)


def credentials(site: Site) -> list[Complaint]:
    """What is wrong with the credentials that a site's settings name."""
    from punchsync.bootstrap.reader import comm_key

    def scoring() -> None:
        store = site.scoring()
        if store is not None:
            store.close()

    asks: list[Callable[[], object]] = [scoring]
    asks += [partial(comm_key, site.folder, part) for part in site.settings.terminal]
    asks += [partial(site.channel, one.name) for one in site.listeners()]
    asks.append(site.check_personal)
    found: list[Complaint] = []
    for ask in asks:
        try:
            ask()
        except Refused as refused:
            found += refused.complaints
    return found
