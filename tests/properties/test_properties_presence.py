"""Where people are now, on days that hypothesis draws: everybody once, and nothing that the judge does not know."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punchsync.core.bench import Bench
from punchsync.core.doubt import Doubts
from punchsync.core.moment import day_of, parse_moment, start_of
from punchsync.core.owners import Owners, punches_by_person
from punchsync.core.period import period_of
from punchsync.core.presence import AWAY, FRESH, PRESENT, STATUSES, totals
from punchsync.operations.today import Punched, survey

from .case_of import case_of, pack_of
from .days import PACKS, halls, near

DRAWN = int(os.environ.get("ORACLE_DAYS", "6"))


@pytest.mark.parametrize("pack", PACKS[::2])
@settings(max_examples=DRAWN, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_everybody_who_is_posted_is_somewhere_and_nobody_is_accused_of_what_is_not_known(
    pack: str, data: st.DataObject
) -> None:
    site, _when = data.draw(halls(pack))
    now = parse_moment(data.draw(st.sampled_from(["2026-10-12", "2026-10-13"]).flatmap(near)).isoformat(" "))
    rules = pack_of(site)
    case = case_of(site, rules, now)
    until = now - data.draw(st.sampled_from([0, 600, 7200, 86_400]))
    read = tuple(replace(r, last=r.last and min(r.last, until), through=until) for r in case.reads)
    case = replace(case, reads=read, punches=tuple(p for p in case.punches if p.at <= until))
    bench = Bench(replace(case, punches=()), rules, now)
    taken = punches_by_person(case)

    windows = survey(bench, Punched(taken, Doubts(case.doubts, Owners(case))), now)

    people = [p for w in windows for p in w.people]
    posted = bench.timetables.posted(day_of(now))
    assert sorted((p.person, p.window) for p in people) == sorted((p.person, p.window) for p in posted)
    assert sum(totals(windows).values()) == len(posted)
    judged = {
        (v.person, v.verdict)
        for p in posted
        for v in Bench(case, rules, now).person_month(p.person, period_of(day_of(now), "month")).verdicts
        if v.day == day_of(now) and v.checkpoint == "in"
    }
    for one in people:
        assert one.status in STATUSES
        assert not one.tardy or (one.person, "late") in judged
        if one.status == "late":
            assert one.tardy
        if one.status == "not_in":
            assert one.since is not None and now - FRESH <= one.since <= now
            relevant = bench.terminals.relevant(one.window, day_of(now))
            assert relevant
            assert all((bench.terminals.coverages[t].through or 0) >= start_of(day_of(now)) for t in relevant)
    for window in windows:
        if window.state == "empty":
            assert window.count(*AWAY) and not window.count("unknown", "awaited", *PRESENT)
