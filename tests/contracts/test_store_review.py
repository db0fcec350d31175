"""What the desk's queues ask of a store: of a year's rows those that are shown, and nothing of another hall's."""

from __future__ import annotations

from storekit import DAY_1, NOW, at, live

from punchsync.core.appeal import Appeal, AppealDecision, evidence
from punchsync.core.judge import Verdict
from punchsync.core.moment import DAY
from punchsync.core.reading import Defect
from punchsync.core.settle import MonthResult
from punchsync.core.stored import IdDay
from punchsync.core.violations import Violation

IN = Verdict(DAY_1, "p1", 1, "in", at("08:30"), None, "", "unverified", 0, "missing")
OUT = IN._replace(checkpoint="out", due=at("12:00"), verdict="missing")
NEXT = IN._replace(day=DAY_1 + 1, person="p2")
LATE = Violation("v1", DAY_1, "p1", 1, "late", "公安", "公安局", 660, "punch", 0, at("08:41"))
OTHER = LATE._replace(id="v2", person="p2", day=DAY_1 + 1)


def settled(store):
    month = MonthResult(
        month="2026-10",
        verdicts=(IN, OUT, NEXT),
        violations=(LATE, OTHER),
        wanted=(),
        tallies=(),
        standings=(),
        derived=(),
        unknown=0,
        facts=(),
    )
    with store.writing() as work:
        work.months.replace(month, 0, NOW, "d1")


def test_verdicts_in_doubt_are_found_by_their_days_and_a_persons_by_hers(open_hall):
    store, other = open_hall(), open_hall()
    settled(store)
    with store.reading() as work:
        assert work.months.unverified(1, DAY_1 + 9) == [IN, NEXT]
        assert work.months.unverified(DAY_1 + 1, DAY_1 + 1) == [NEXT]
        assert work.months.verdicts_of(["p1"], [DAY_1, DAY_1 + 1]) == [IN, OUT]
        assert work.months.verdicts_of(["p2", "p1"], range(DAY_1 - 700, DAY_1 + 2)) == [IN, OUT, NEXT]
        assert work.months.verdicts_of([], [DAY_1]) == work.months.verdicts_of(["p1"], []) == []
    with other.reading() as work:
        assert work.months.unverified(1, DAY_1 + 9) == []


def test_a_violation_is_found_by_its_id_and_a_persons_by_its_days(open_hall):
    store, other = open_hall(), open_hall()
    settled(store)
    with store.reading() as work:
        assert [work.months.violation(id) for id in ("v1", "v2", "v3", "")] == [LATE, OTHER, None, None]
        assert work.months.violations_of("p2", DAY_1, DAY_1 + 1) == [OTHER]
        assert work.months.violations_of("p2", DAY_1, DAY_1) == []
    with other.reading() as work:
        assert work.months.violation("v1") is None


def test_punches_are_given_as_written_and_counted_by_id_and_day(store):
    punches = (("7", at("08:20:05")), ("8", at("08:20:06")), ("7", at("12:01:00")), ("7", at("08:21:00") + DAY))
    with store.writing() as work:
        number = work.readings.add(live("T1", *punches, began=NOW), NOW).reading
        work.readings.add(live("T2", ("7", at("08:20:07")), began=NOW + 1), NOW)
    with store.reading() as work:
        taken = work.punches.taken(at("08:20:06"), at("23:59:59"))
        assert [(p.terminal, p.device_user_id, p.at) for p in taken] == [
            ("T1", "8", at("08:20:06")), ("T1", "7", at("12:01:00")), ("T2", "7", at("08:20:07")),
        ]  # fmt: skip
        assert (taken[0].reading, taken[0].position) == (number, 1)
        assert work.punches.days_of("T1", ["7", "9"]) == [
            IdDay("T1", "7", DAY_1, 2, at("08:20:05"), at("12:01:00")),
            IdDay("T1", "7", DAY_1 + 1, 1, at("08:21:00") + DAY, at("08:21:00") + DAY),
        ]
        assert work.punches.days_of("T1", []) == []


def test_defects_are_counted_and_given_a_page_at_a_time_the_latest_first(store):
    found = [Defect(n, bytes([n]), "dead_clock", ("7",), NOW, NOW + 1) for n in range(3)]
    with store.writing() as work:
        work.readings.add(live("T1", began=NOW, defects=found[:2]), NOW)
        work.readings.add(live("T2", began=NOW + 1, defects=found[2:]), NOW)
    with store.reading() as work:
        assert work.defects.count() == 3
        assert work.defects.latest(0, 2) == [("T2", found[2]), ("T1", found[1])]
        assert work.defects.latest(2, 2) == [("T1", found[0])]


def test_appeals_without_a_decision_and_files_without_their_bytes(open_hall):
    store, other = open_hall(), open_hall()
    filed = Appeal(0, "v1", 1, DAY_1, "p1", "公安", 1, "late", 900, "punch", "甲", "person", "电梯故障", "", NOW)
    files = evidence([("照片.jpg", bytes(range(256))), ("说明.txt", "说明".encode())])
    with store.writing() as work:
        one = work.appeals.file(filed, files, NOW)
        two = work.appeals.file(filed, [], NOW)
        assert work.appeals.undecided() == [one, two]
        work.appeals.decide(AppealDecision(1, "upheld", "", "李主任", "申字 1 号", "", "", NOW), NOW)
    with other.writing() as work:
        elsewhere = work.appeals.file(filed, [], NOW)
    with store.reading() as work:
        assert work.appeals.undecided() == [two]
        assert work.appeals.files(1) == [(f.position, f.name, f.digest, len(f.content)) for f in files]
        assert work.appeals.files(2) == []
    with other.reading() as work:
        assert work.appeals.undecided() == [elsewhere]


def test_the_newest_batch_grows_with_every_record_that_says_something_new(open_hall):
    store, other = open_hall(), open_hall()
    seen = []
    for state in ("open", "open", "granted"):
        with store.writing() as work:
            work.records.put("request", [("R1", {"state": state})], NOW)
            seen.append(work.records.newest())
    assert seen[0] == seen[1] < seen[2]
    with other.reading() as work:
        assert work.records.newest() == 0
