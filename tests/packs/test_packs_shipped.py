"""The shipped packs load, cite for every item, hold on their own cases, and read as the hall says."""

from __future__ import annotations

import json

import pytest

from punchsync.core.moment import parse_day
from punchsync.core.records import Calendar, Case, Posting
from punchsync.core.timetable import Timetables
from punchsync.packs.cases import loading, run
from punchsync.packs.fill import referred
from punchsync.packs.load import Loaded, load, questions, reread
from punchsync.packs.shelf import shipped

PACKS = sorted(shipped())


def yihuang(**interpretations: str) -> Loaded:
    chosen = {f"yihuang.{key}": value for key, value in interpretations.items()}
    return load(shipped()["yihuang"], chosen)


def whole(id: str) -> Loaded:
    path = shipped()[id]
    return load(path, {}, dict.fromkeys(questions(path), "1"))


@pytest.mark.parametrize("id", PACKS)
def test_a_shipped_pack_s_cases_hold(id: str) -> None:
    loaded = whole(id)

    found = run(loading(shipped()[id]), loaded.file.case)

    assert [f for f in found if f.differences] == []
    assert len(found) >= 1


@pytest.mark.parametrize("id", PACKS)
def test_everything_in_a_shipped_pack_cites_a_document_and_article(id: str) -> None:
    loaded = whole(id)
    documents = {d.id for d in loaded.file.document}

    places = [(f"{table}.{n}", part.cites) for table, n, part in loaded.file.rules()]

    # a source may give no times: then an interpretation does
    assert [place for place, cites in places if not cites and not place.startswith("season.")] == []
    assert {cite.split(" ")[0] for _, cites in places for cite in cites} <= documents
    assert all(cite.partition(" ")[2] for _, cites in places for cite in cites)
    assert [i.id for i in loaded.pack.items if not loaded.pack.cite(i.cites)] == []


@pytest.mark.parametrize("id", PACKS)
def test_every_interpretation_of_a_shipped_pack_is_in_use(id: str) -> None:
    loaded = whole(id)
    used = {name for _key, name in referred(loaded.tree)}

    assert [i.id for i in loaded.pack.interpretations if i.id not in used] == []


def summer_days(loaded: Loaded) -> list[str]:
    """The days around the seasons' edges that have summer hours, all taken as working days."""
    dates = ["2026-05-31", "2026-06-01", "2026-06-14", "2026-06-15", "2026-08-31", "2026-09-01", "2026-09-30",
             "2026-10-01"]  # fmt: skip
    days = {date: parse_day(date) for date in dates}
    calendar = Calendar(frozenset({2026}), frozenset(), frozenset(days.values()))
    posting = Posting("P1", "甲", "局", "公安", "staff", "1", (), parse_day("2026-01-01"))
    timetables = Timetables(Case(postings=(posting,), calendar=calendar), loaded.pack)
    plans = {date: timetables.of("P1", day) for date, day in days.items()}
    return [date for date, plan in plans.items() if plan and plan.sessions[1].start % 86_400 == 15 * 3600]


def test_the_hall_may_read_the_seasons_otherwise() -> None:
    usual, later, shorter = yihuang(), yihuang(summer_from="06-15"), yihuang(summer_to="08-31")

    found = [summer_days(loaded) for loaded in (usual, later, shorter)]

    assert found == [
        ["2026-06-01", "2026-06-14", "2026-06-15", "2026-08-31", "2026-09-01", "2026-09-30"],
        ["2026-06-15", "2026-08-31", "2026-09-01", "2026-09-30"],
        ["2026-06-01", "2026-06-14", "2026-06-15", "2026-08-31"],
    ]


def test_an_interpretation_changes_the_value_marks_it_and_changes_the_digest() -> None:
    usual, other = yihuang(), yihuang(winter="09:00-12:00+14:00-17:00", short_piece="5")

    changed = {i.id: i.value for i in other.pack.interpretations if i.overridden}

    assert changed == {"yihuang.winter": "09:00-12:00+14:00-17:00", "yihuang.short_piece": "5"}
    assert [i.id for i in usual.pack.interpretations if i.overridden] == []
    assert (usual.pack.dropped_piece, other.pack.dropped_piece) == (600, 300)
    winter = other.pack.shift("winter")
    assert winter is not None
    assert winter.sessions == ((32_400, 43_200), (50_400, 61_200))
    digests = [loaded.pack.digest for loaded in (usual, other, yihuang(short_piece="6"), yihuang())]
    assert (len(set(digests)), digests[0]) == (3, digests[3])


def test_the_text_kept_under_the_digest_holds_what_the_hall_chose() -> None:
    other = yihuang(summer_from="06-15")

    assert json.loads(other.text) == {
        "answers": {},
        "interpretations": {"yihuang.summer_from": "06-15"},
        "texts": [shipped()["yihuang"].read_text(encoding="utf-8")],
    }
    again = reread(other.text)
    assert again is not None
    assert (again.pack, again.text) == (other.pack, other.text)


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"texts": [], "interpretations": {}, "answers": {}}', "id = 1"])
def test_a_kept_text_that_cannot_be_read_any_more_is_no_pack(kept: str) -> None:
    assert reread(kept) is None


def test_yihuang_as_the_judge_reads_it() -> None:
    pack = yihuang().pack

    assert [(p.late, p.early, p.late_limit, p.early_limit) for p in pack.punctuality] == [(600, 600, None, None)]
    assert (pack.id, pack.dropped_piece, pack.opens_before, pack.span) == ("yihuang", 600, 10_800, "month")
    assert [(c.account, c.name, str(c.base), str(c.cap), c.period) for c in pack.categories] == [
        ("window", "文明服务", "45", "45", "month"),
        ("person", "勤", "30", "30", "month"),
        ("person", "德·会议学习", "10", "10", "month"),
    ]
    assert [(r.subject, r.period, r.places, r.by_months, r.posted_throughout) for r in pack.rankings] == [
        ("window", "month", 5, False, False), ("person", "quarter", 10, True, True), ("person", "year", 15, True, True),
    ]  # fmt: skip
    assert [(sorted(x.kinds), x.over, x.outcome, x.yields) for x in pack.leave_limits] == [
        (["personal"], 40, "award_barred", ""), (["sick"], 60, "award_barred", ""),
    ]  # fmt: skip
