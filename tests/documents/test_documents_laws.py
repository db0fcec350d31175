"""What no grid of a random hall may break: its sums are those of the tallies, what is not known is `unknown`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from oracle.generate import random_site
from properties.test_properties_laws import filled
from punchsync.core.moment import day_of, parse_moment
from punchsync.core.period import days_of_month
from punchsync.core.violations import ABSENT
from punchsync.operations.documents.month_brief import brief
from punchsync.operations.documents.months import attendance, sheet
from punchsync.operations.settle import settle
from punchsync.publish.documents import grid, month_brief
from punchsync.publish.documents import sheet as sheets

SEEDS = range(700, 708)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_grid_says_what_the_tallies_say_and_of_the_unknown_nothing(seed: int, tmp_path: Path) -> None:
    site, when = random_site(seed)
    with filled(tmp_path, site) as opened:
        settle(opened.hall, parse_moment(when))
        with opened.hall.store.reading() as work:
            tallies = work.months.tallies(None)
            verdicts = list(work.months.verdicts(1, 3_652_059))
            violations = work.months.violations(1, 3_652_059)
            rulings = {r["ruling_id"] for r in site.tables.get("ruling", ())}
        months = sorted({t.month for t in tallies})
        assert months
        for month in months:
            found = attendance(opened.hall, month)
            days = days_of_month(month)
            sums: dict[str, Counter[str]] = {}
            for line in found.lines:
                sums.setdefault(line.person, Counter()).update(line.sums._asdict())
                s = line.sums
                absent = {(v.day, v.session) for v in violations if v.person == line.person and v.kind == ABSENT}
                for day, cell in zip(days, line.cells, strict=True):
                    assert bool(cell) or day > day_of(parse_moment(when))
                    mine = [v for v in verdicts if (v.person, v.day) == (line.person, day)]
                    unsure = {v.session for v in mine if v.verdict in ("pending", "unverified")}
                    if "absent" in cell:
                        assert any(d == day for d, _session in absent)
                        assert not unsure or rulings or len({v.session for v in mine}) > len(unsure)
                    if unsure and not rulings and cell != ("none",):
                        assert "unknown" in cell
                assert s.present + s.unknown <= s.required
            for t in (t for t in tallies if t.month == month):
                have = sums.get(t.person, Counter())
                leave = t.leave_official + t.leave_personal + t.leave_sick + t.leave_other
                assert [have[name] for name in ("required", "late", "early", "off_post", "absent", "leave")] == [
                    t.required_sessions, t.late, t.early, t.off_post, t.absent_half_days, leave,
                ]  # fmt: skip
            with opened.hall.store.reading() as work:
                state = work.months.states()[month]
            assert sum(line.sums.unknown for line in found.lines) == state.unknown
            grid.document(found)
            sheets.document(sheet(opened.hall, month, parse_moment(when), 5))
            month_brief.document(brief(opened.hall, month))
