"""Two processes settling: the later moment stays, whichever ends last."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchsync.bootstrap import Site
from punchsync.core.moment import parse_moment
from punchsync.operations.settle import TooEarly, settle


def test_a_settle_overtaken_by_a_later_as_of_books_nothing(tmp_path: Path) -> None:
    (tmp_path / "punchsync.toml").write_text('[hall]\nid = "a"\nname = "甲厅"\npack = "yihuang"\n', encoding="utf-8")
    early, late = parse_moment("2026-10-12 12:00"), parse_moment("2026-10-13 12:00")
    with Site(tmp_path) as site:
        with site.store.writing() as work:
            body = {
                "person_id": "P1", "name": "甲一", "unit": "甲局", "window": "甲窗", "post": "staff",
                "device_user_id": "1", "backup_for": "", "from": "2026-10-12", "to": "", "withdrawn": "",
            }  # fmt: skip
            work.records.put("staff", [("P1\t2026-10-12", body)], early)

        def overtake(done: int, total: int) -> None:
            settle(site.hall, late)

        with pytest.raises(TooEarly) as refused:
            settle(site.hall, early, progress=overtake)
        with site.store.reading() as work:
            assert (refused.value.settled, work.runs.settled_as_of()) == (late, late)
