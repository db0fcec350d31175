"""The attendant books what it finds with its notices, then sends them; nothing that fails stops it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from attentionkit import DAY, HOUR, NOW, PATIENCE, Answer, Line, Site, listener, until

from punchsync.core.attention import CALM
from punchsync.operations import attention
from punchsync.operations.attention import Limits
from punchsync.service.attending import Attendant
from punchsync.service.pulse import Pulse

LIMITS = Limits(DAY, 10**9, None, DAY)  # no disk is as large
FINE = Limits(DAY, 0, None, DAY)


@pytest.fixture(autouse=True)
def events() -> Iterator[list[dict[str, Any]]]:
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as captured:
        yield captured


@pytest.fixture(autouse=True)
def only_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line's hall has no terminals and no records: these parts are looked at elsewhere."""
    for part in ("silent", "gauges", "papers"):
        monkeypatch.setattr(attention.needs, part, lambda *args: iter(()))


@contextmanager
def attending(site: Site, **more: Any) -> Iterator[Attendant]:
    attendant = Attendant(site, Pulse(), **more)
    try:
        yield attendant
    finally:
        attendant.end()
        assert attendant.ended(PATIENCE)


def site_of(line: Line, folder: Path, limits: Limits = LIMITS) -> Site:
    return Site(line, folder, listener("a", "disk_low", "store_refused"), limits=limits)


def until_again(attendant: Attendant, true: Callable[[], object]) -> None:
    """Let it look until something is so."""

    def looked() -> object:
        attendant.owe()
        return true()

    until(looked)


def test_what_it_finds_is_told_once_and_then_that_it_is_over(line, tmp_path, events):
    site = site_of(line, tmp_path)
    said = site.channels["a"].said
    with attending(site) as attendant:
        until(lambda: len(line.rows()) == 1 and line.rows()[0][1] == "sent")
        attendant.owe()
        site._limits, line.now = FINE, NOW + CALM
        until_again(attendant, lambda: len(said) == 2)
    assert [subject for subject, _body in said] == ["厅：需要处理：磁盘快满", "厅：已解除：磁盘快满"]
    with line.store.reading() as work:
        [state] = work.attention.all()
    assert (state.code, state.opened_at, state.closed_at, state.told) == ("disk_low", NOW, NOW + CALM, 1)
    assert [(e["opened"], e["closed"], e["notices"], e["sent"]) for e in events if e["event"] == "attended"] == [
        (["disk_low"], [], 1, 1), ([], ["disk_low"], 1, 1),
    ]  # fmt: skip


def test_a_channel_that_fails_is_tried_again_and_holds_up_no_look(line, tmp_path, events):
    site = site_of(line, tmp_path)
    site.channels["a"].script = [Answer("again", "http_503"), Answer("delivered", "sent")]
    with attending(site) as attendant:
        until(lambda: any(e.get("failed") == {"a": "http_503"} for e in events))
        line.now += HOUR
        until_again(attendant, lambda: line.rows()[0][1] == "sent")
    assert line.rows() == [("attention/1/opened", "sent", 2, "sent")]


def test_a_part_that_can_not_be_looked_at_is_logged_and_hides_no_other(line, tmp_path, events):
    site = site_of(line, tmp_path)

    def no_name() -> str:
        raise ValueError("geheim")

    site.scoring_name = no_name
    with attending(site):
        until(lambda: line.rows())
    [blind] = [e for e in events if e["event"] == "attention_blind"][:1]
    assert (blind["codes"], blind["error"]) == (("outbox_parked", "outbox_stuck"), "ValueError")
    assert "geheim" not in json.dumps(events, default=str)


def test_a_store_that_refuses_is_told_past_it_once_and_then_that_it_takes_again(line, tmp_path, events):
    site = site_of(line, tmp_path)
    good, said = line.hall.store, site.channels["a"].said
    line.close_for_writing()
    with attending(site, again=0.001) as attendant:
        until(lambda: said)
        until(lambda: len([e for e in events if e["event"] == "attention_unbooked"]) > 3)
        assert [subject for subject, _body in said] == ["厅：需要处理：数据写不进去"]
        line.hall.store = good
        attendant.owe()
        until(lambda: len(said) == 2)
    assert said[1][0] == "厅：需要处理：磁盘快满 等 2 件"
    assert "厅：已解除：数据写不进去" in said[1][1]
    assert [e["answer"] for e in events if e["event"] == "store_refused_told"] == ["sent"]


def test_a_store_that_refuses_once_only_is_told_to_nobody(line, tmp_path, events):
    site = site_of(line, tmp_path, FINE)
    good = line.hall.store
    line.close_for_writing()
    with attending(site) as attendant:
        until(lambda: any(e["event"] == "attention_unbooked" for e in events))
        line.hall.store = good
        attendant.owe()
    assert site.channels["a"].said == []


def test_it_ends_while_a_channel_takes_its_time(line, tmp_path):
    site = site_of(line, tmp_path)
    with attending(site) as attendant:
        attendant.end()
        assert attendant.ended(PATIENCE)
        attendant.owe()
