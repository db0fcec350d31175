"""The daemon delivers by itself, for as long as it takes, and ends at once when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from e2e.commandline import export
from e2e.site import TOML, Hall
from punchsync.bootstrap import opened
from punchsync.core.moment import day_of
from punchsync.service.daemon import Inbox, serve
from punchsync.service.delivery import Deliverer
from punchsync.service.schedule import Job

from .kit import EXCUSED, PATIENCE, Server, answer, until

HTTP = '[scoring]\nsink = "http"\nurl = "{url}"\nbatch = 2\ntimeout = 300\n'


@pytest.fixture(autouse=True)
def events() -> Iterator[list[dict[str, Any]]]:
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as captured:
        yield captured


class Serving:
    """The service on a thread of its own, with jobs that are due now."""

    def __init__(self, hall: Hall, jobs: tuple[str, ...] = ()) -> None:
        self.inbox, self.left, self._hall, self._jobs = Inbox(), [], hall, jobs
        self.status: int | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with opened(self._hall.path) as site:
            now = site.clock.now()

            def plan(day: int) -> list[Job]:
                return [Job(name, now, day) for name in self._jobs] if day == day_of(now) else []

            self.status = serve(site, plan=plan, inbox=self.inbox, leave=self.left.append, grace=PATIENCE)

    def stop(self) -> int | None:
        self.inbox.put("test")
        self._thread.join(2 * PATIENCE)
        return self.status


def scoring(hall: Hall, text: str) -> Hall:
    (hall.path / "punchsync.toml").write_text(TOML + text, encoding="utf-8")
    return hall


def ids(server: Server) -> list[str]:
    return [id for heard in server.heard for id in heard.ids]


def of(events: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(e.get(k) for k in keys) for e in events if e["event"] in ("pushed", "push_failed")]


def test_what_waits_when_the_service_starts_is_delivered(hall, server, events):
    serving = Serving(scoring(hall, HTTP.format(url=server.url)))
    until(lambda: of(events, "event"))
    assert serving.stop() == 0
    assert ids(server) == [row[1] for row in export(hall.path, "ledger")]
    [pushed] = [e for e in events if e["event"] == "pushed"]
    assert {k: v for k, v in pushed.items() if k != "ms"} == {
        "event": "pushed", "log_level": "info", "store": f"http {server.url}", "entries": 6, "batches": 3,
        "waiting": 0, "refused": 0, "parked": 0, "failed": None,
    }  # fmt: skip
    assert serving.left == []


def test_what_a_job_books_is_delivered_after_it(hall, server):
    assert hall.bring("ruling", EXCUSED).status == 0
    serving = Serving(scoring(hall, HTTP.format(url=server.url)), ("poll-1",))
    until(lambda: len(ids(server)) > 6)
    assert serving.stop() == 0
    booked = [row[1] for row in export(hall.path, "ledger")]
    assert ids(server) == booked[: len(ids(server))]


def test_a_receiver_that_does_not_answer_keeps_no_service_from_ending(hall, server):
    server.replies.append(lambda heard: server.over.wait(60) and None)
    serving = Serving(scoring(hall, HTTP.format(url=server.url)))
    until(lambda: server.heard)
    assert serving.stop() == 0
    assert serving.left == []
    assert not server.over.is_set()


def deliverer(site, pauses: list[int]) -> Deliverer:
    def pause(failures: int, asked: float) -> float:
        pauses.append(failures)
        return 0.001

    return Deliverer(site, 2, pauses=pause)


def test_a_receiver_that_is_away_is_asked_again_until_it_is_there(hall, server, events):
    server.replies += [500, None, answer(503, Retry_After="1"), 302, 200, 500]
    pauses: list[int] = []
    with opened(scoring(hall, HTTP.format(url=server.url)).path) as site:
        delivering = deliverer(site, pauses)
        until(lambda: any(e.get("waiting") == 0 for e in events))
        delivering.end()
        assert delivering.ended(PATIENCE)
    assert pauses == [1, 2, 3, 4, 5]
    assert of(events, "log_level", "batches", "failed") == [
        ("warning", 0, "http_500"), ("warning", 0, "broken"), ("warning", 0, "http_503"), ("warning", 0, "http_302"),
        ("warning", 1, "http_500"), ("info", 2, None),
    ]  # fmt: skip
    assert len({heard.body for heard in server.heard}) == 3


def test_a_refused_batch_is_an_error_in_the_log_and_told_once(hall, server, events):
    server.replies += [answer(422, "甲某".encode())]
    with opened(scoring(hall, HTTP.format(url=server.url)).path) as site:
        delivering = deliverer(site, [])
        until(lambda: of(events, "event"))
        delivering.owe()
        delivering.end()
        assert delivering.ended(PATIENCE)
    assert of(events, "log_level", "batches", "refused", "parked", "waiting") == [("error", 2, 1, 2, 0)]
    assert "甲某" not in json.dumps(events, ensure_ascii=False, default=str)


def test_settings_that_can_not_be_used_are_told_and_tried_again(hall, server, events):
    scoring(hall, HTTP.format(url="credential:scores"))
    with opened(hall.path) as site:
        delivering = deliverer(site, [])
        until(lambda: len(of(events, "event")) > 1)
        (hall.path / "credentials").mkdir()
        (hall.path / "credentials" / "scores").write_text(server.url)
        until(lambda: len(ids(server)) == 6)
        delivering.end()
        assert delivering.ended(PATIENCE)
    assert of(events, "event", "keys")[0] == ("push_failed", ["credential:scores"])


def test_a_command_and_the_daemon_together_deliver_all_once_in_order(hall, server):
    scoring(hall, HTTP.format(url=server.url).replace("batch = 2", "batch = 1"))
    with opened(hall.path) as site:
        delivering = Deliverer(site, 1)
        ran = hall.run("push", "--json")
        until(lambda: len(ids(server)) == 6)
        delivering.end()
        assert delivering.ended(PATIENCE)
    assert ran.status == 0
    assert ids(server) == [row[1] for row in export(hall.path, "ledger")]
