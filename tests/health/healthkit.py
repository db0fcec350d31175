"""A site with telling names, what answers for it, and somebody who asks; nothing here is a real person's."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from punchsync.bootstrap import Site, opened
from punchsync.cli.answering import answering
from punchsync.emulator import Device, EmulatedTerminal
from punchsync.service.pulse import Pulse

ZONE = ZoneInfo("Asia/Shanghai")
NAMES = ("欧阳见微", "司马知著")
KEY = "314159265"
STAFF = (
    "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    f"A1,{NAMES[0]},公安局,公安,staff,1001,,2026-01-01,\n"
    f"A2,{NAMES[1]},公安局,公安,staff,1002,,2026-01-01,\n"
)


class Answer(NamedTuple):
    """What was answered; header names in small letters."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def checks(self) -> dict[str, tuple[bool, Any, str]]:
        """A probe's checks by name: whether it is well, its value, its reason."""
        return {c["name"]: (c["ok"], c["value"], c.get("reason", "")) for c in json.loads(self.body)["checks"]}


def ask(address: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask once, on a connection of its own."""
    host, _colon, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, said, answer.read().decode())
    finally:
        connection.close()


@contextmanager
def terminal(*, key: int = 0) -> Iterator[EmulatedTerminal]:
    """A terminal at the hall's real time with four punches of today's first minute."""
    device = Device(now=lambda: datetime.now(ZONE).replace(tzinfo=None), comm_key=key)
    midnight = datetime.now(ZONE).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    for user in ("1001", "1002"):
        device.enrol(user)
        for second in (0, 1):
            device.punch(user, midnight.replace(second=second))
    with EmulatedTerminal(device) as started:
        yield started


def make_site(folder: Path, more: str = "", at: EmulatedTerminal | None = None, listen: str = "127.0.0.1:0") -> Path:
    """A site of the yihuang pack with two people and T1, at an address if a terminal is given."""
    from punchsync.bootstrap.bringing import bring_records

    folder.mkdir()
    text = f'[hall]\nid = "h"\nname = "厅"\npack = "yihuang"\n[desk]\nlisten = "{listen}"\n'
    text += '[[terminal]]\nid = "T1"\n' + (f'host = "127.0.0.1"\nport = {at.port}\n' if at else "")
    plain = '[bulletin]\nforms = ["md"]\n'
    (folder / "punchsync.toml").write_text(text + more + plain, encoding="utf-8")
    with opened(folder) as site:
        assert not bring_records(site, "staff", STAFF.encode(), "staff.csv", False).problems
    return folder


@contextmanager
def answered(site: Site, pulse: Pulse) -> Iterator[str]:
    """The site's listener; its address."""
    made = answering(site, pulse)
    assert made is not None
    try:
        yield made.address
    finally:
        made.end()
        assert made.ended(10)
