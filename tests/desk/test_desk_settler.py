"""A change at the desk is settled by itself: the service's desk, its settler, and the ledger after them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
from deskkit import PASSWORD, StandingClock

from punchsync.bootstrap import Site
from punchsync.bootstrap.bringing import bring_row
from punchsync.cli.answering import answering
from punchsync.core.points import number
from punchsync.service.pulse import Pulse
from punchsync.service.settler import Settler

SOON = 20.0
SICK = {
    "leave_id": "L9", "person_id": "1003", "kind": "personal", "start": "2026-11-12 pm", "end": "2026-11-12 pm",
    "registered_at": "2026-11-12 08:00:00", "approvals": "window_lead;centre_leader;inspection",
}  # fmt: skip


def eventually(true: Callable[[], bool]) -> bool:
    """Whether it becomes true before long."""
    end = time.monotonic() + SOON
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def points(site: Site) -> str:
    """The standing points of the one who was away that afternoon."""
    with site.store.reading() as work:
        return number(work.ledger.sums()["2026-11", "person", "1003", "勤"])


def test_what_was_changed_is_settled_when_the_settler_is_told(site_folder: Path) -> None:
    with Site(site_folder) as site:
        site.hall = replace(site.hall, clock=StandingClock())
        settler = Settler(site)
        try:
            assert points(site) == "-3.5"
            assert not bring_row(site, "leave", SICK).problems
            settler.owe()
            assert eventually(lambda: points(site) == "-1")
            with site.store.reading() as work:
                run = work.runs.last_settle()
            assert run is not None
            assert run.as_of == StandingClock().moment
        finally:
            settler.end()
            assert settler.ended(SOON)


def test_a_leave_registered_at_the_services_own_address_changes_the_ledger_by_itself(site_folder: Path) -> None:
    with Site(site_folder) as site:
        site.hall = replace(site.hall, clock=StandingClock())
        made = answering(site, Pulse())
        assert made is not None
        try:
            with httpx.Client(base_url=f"http://{made.address}", trust_env=False, timeout=SOON) as client:

                def token(path: str) -> str:
                    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
                    assert found
                    return found.group(1)

                client.post("/login", data={"csrf": token("/login"), "login": "clerk", "password": PASSWORD})
                page = client.get("/leave/new").text
                id = re.search(r'name="leave_id" value="([^"]+)"', page)
                assert id
                form = {
                    "csrf": token("/leave/new"), "leave_id": id.group(1), "who": "1003", "kind": "personal",
                    "start": "12p", "end": "12p", "registered_at": "2026-11-12 8:00",
                    "approvals": ["window_lead", "centre_leader", "inspection"],
                }  # fmt: skip
                answer = client.post("/leave/new", data=form)
                assert answer.status_code == 303, answer.text
                assert eventually(lambda: points(site) == "-1")
                assert "有改动正在核算" not in client.get("/leave").text
        finally:
            made.end()
            assert made.ended(SOON)
