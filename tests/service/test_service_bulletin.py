"""A bulletin's number and its file: both or neither, and the same after an interruption."""

from __future__ import annotations

from pathlib import Path

import pytest
from servicekit import make_site

from punchsync.bootstrap import Site, opened
from punchsync.core.attention import Listener
from punchsync.core.moment import day_of, show_day
from punchsync.operations.ports import Work
from punchsync.operations.settle import settle
from punchsync.publish import files
from punchsync.publish.files import put
from punchsync.service.bulletin import NotSettled, publish_period


class Cut(Exception):
    """A power cut."""


def cut(_work: Work) -> None:
    raise Cut


def settled(site: Site) -> int:
    settle(site.hall, site.clock.now())
    return day_of(site.clock.now())


def test_a_bulletin_interrupted_before_its_commit_gets_the_same_number_and_file_again(tmp_path: Path) -> None:
    with opened(make_site(tmp_path / "site", None)) as site:
        day = settled(site)
        with pytest.raises(Cut):
            publish_period(site.hall, "daily", day, tmp_path / "out", cut)
        first = (tmp_path / "out" / f"daily-{show_day(day)}.md").read_text(encoding="utf-8")
        assert publish_period(site.hall, "daily", day, tmp_path / "out").number == 1
        assert publish_period(site.hall, "daily", day, tmp_path / "out").number == 1
    assert [(p.name, p.read_text(encoding="utf-8")) for p in (tmp_path / "out").iterdir()] == [
        (f"daily-{show_day(day)}.md", first)
    ]


def test_a_bulletin_whose_file_can_not_be_written_is_not_issued(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with opened(make_site(tmp_path / "site", None)) as site:
        day = settled(site)
        with pytest.raises(OSError, match="file"):
            publish_period(site.hall, "daily", day, tmp_path / "file")
        assert publish_period(site.hall, "daily", day - 1, tmp_path / "out").number == 1


def test_a_bulletin_s_notice_has_counts_and_no_names_and_is_made_once_for_each_channel(tmp_path: Path) -> None:
    with opened(make_site(tmp_path / "site", None)) as site:
        day = settled(site)
        for kind in ("daily", "weekly"):
            with pytest.raises(Cut):
                publish_period(site.hall, kind, day, tmp_path / "out", cut, listening("wecom"))
            for names in (["wecom"], ["wecom", "mail"]):
                done = publish_period(site.hall, kind, day, tmp_path / "out", listeners=listening(*names))
                assert done.number == 1, kind
        with site.store.reading() as work:
            notices = work.notices.waiting()
    assert [(n.channel, n.event) for n in notices] == [("wecom", "bulletin"), ("mail", "bulletin")] * 2
    assert notices[0].subject == f"厅：日报 {show_day(day)} 第 1 号"
    assert "违规 0 次" in notices[0].body and not {"甲一", "A1"} & {w for n in notices for w in (n.subject, n.body)}


def listening(*names: str) -> list[Listener]:
    """Channels that are told of bulletins, and one that is not."""
    return [*(Listener(name, {"bulletin": 0}) for name in names), Listener("deaf", {"outcome": 0})]


def test_without_a_settle_there_is_nothing_to_publish(tmp_path: Path) -> None:
    with opened(make_site(tmp_path / "site", None)) as site, pytest.raises(NotSettled):
        publish_period(site.hall, "daily", 739_000, tmp_path / "out")


def test_a_file_that_can_not_be_finished_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.md", "旧".encode())

    def full(_handle: int) -> None:
        raise OSError(28, "disk full")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        put(tmp_path / "a.md", "新".encode())
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("a.md", "旧")]
