"""The literal judge by hand: what leaves and outings yield — stand-ins, late registration, totals, presence."""

from __future__ import annotations

from .hand import DAY, OVER, away, hall, noted, out, posted, rostered, ruled, said, sent, today, words
from .judge import judge
from .records import Row, Site, merged

BEFORE = "2026-10-11 20:00"
TIANYANG = ["08:25:00", "14:25:00"]
FOUR = ["08:25:00", "12:01:00", "13:55:00", "17:31:00"]


# tianyang


def tianyang(approvals: str = "window_lead", staff: list[Row] | None = None, **tables: list[Row]) -> Site:
    """P1 on leave the whole morning; P2 is his B, there all day."""
    people = staff or [posted(), posted("P2", backup_for="P1")]
    tables.setdefault("leave", [away(1, "P1", f"{DAY} 08:30", f"{DAY} 12:00", approvals)])
    return hall("tianyang", people, {"P1": ["14:25:00"], "P2": TIANYANG}, **tables)


def test_tianyang_a_partner_at_work_covers_either_way_round() -> None:
    assert judge(tianyang(), OVER)["violations"] == []
    other_way = [posted(backup_for="P2"), posted("P2")]
    assert judge(tianyang(staff=other_way), OVER)["violations"] == []


def test_tianyang_without_partner_off_post_or_uncovered() -> None:
    alone = [posted(), posted("P2")]
    got = judge(tianyang(staff=alone), OVER)
    assert words(got) == ["excused", "normal"]
    assert today(got) == [("1", "off_post/leave")]
    assert [r[5] for r in got["sums"]] == ["-0.5", "-0.5"]
    got = judge(tianyang("window_lead;unit_leader", staff=alone), OVER)
    assert today(got) == [("1", "uncovered/standin")]
    assert [(r[0], r[5]) for r in got["sums"]] == [("window", "-1")]


def test_tianyang_unit_leader_alone_is_not_the_ladder() -> None:
    got = judge(tianyang("unit_leader", staff=[posted(), posted("P2")]), OVER)
    assert today(got) == [("1", "absent_half_day/punch")]
    chief = [posted(post="chief"), posted("P2")]
    assert today(judge(tianyang("unit_leader", staff=chief), OVER)) == [("1", "uncovered/standin")]


def test_tianyang_the_partners_own_leave_counts_if_registered_not_later() -> None:
    for registered, rows in (("2026-10-11 20:00:00", ["off_post/leave"]), ("2026-10-11 20:00:01", [])):
        leaves = [
            away(1, "P1", f"{DAY} 08:30", f"{DAY} 12:00", "window_lead"),
            away(2, "P2", f"{DAY} 11:00", f"{DAY} 12:00", "window_lead", registered_at=registered),
        ]
        got = judge(tianyang(leave=leaves), OVER)
        assert [kind for _, kind in today(got)] == rows
        assert today(got, "P2") == [("1", "off_post/leave")]  # P1's was registered before or with it


def test_tianyang_standins_filed_in_time_hold_the_session() -> None:
    alone = [posted(), posted("P2")]
    first, second = f"{DAY} 10:00", f"{DAY} 12:00"
    rows = [sent(1, "P1", "P2", f"{DAY} 08:30", first), sent(2, "P1", "P2", first, second, f"{DAY} 08:30:00")]
    assert today(judge(tianyang(staff=alone, standin=rows), OVER)) == []
    rows[1]["filed_at"] = f"{DAY} 08:30:01"  # its first session starts 08:30
    assert today(judge(tianyang(staff=alone, standin=rows), OVER)) == [("1", "off_post/leave")]
    rows[1] |= {"filed_at": f"{DAY} 08:00", "end": f"{DAY} 11:59:59"}
    assert today(judge(tianyang(staff=alone, standin=rows), OVER)) == [("1", "off_post/leave")]


def test_tianyang_once_per_leave_dated_the_first_uncovered_session() -> None:
    leaves = [away(1, "P1", DAY, "2026-10-13", "window_lead")]
    staff = [posted(to="2026-10-13"), posted("P2")]
    rows = [sent(1, "P1", "P2", f"{DAY} am", f"{DAY} am")]
    got = judge(tianyang(staff=staff, leave=leaves, standin=rows), OVER)
    assert [r for r in said(got) if r[1] == "P1"] == [("10-12", "P1", "2", "off_post/leave")]


def test_tianyang_the_off_post_of_a_leave_is_swallowed_by_an_absence_and_ruled_on() -> None:
    alone = [posted(), posted("P2")]
    leaves = [away(1, "P1", f"{DAY} 08:30", f"{DAY} 09:30", "window_lead")]
    assert today(judge(tianyang(staff=alone, leave=leaves), OVER)) == [("1", "absent_half_day/punch")]
    excused = judge(tianyang(staff=alone, ruling=[ruled("excuse", 1, "off_post")]), OVER)
    assert today(excused) == []


# ninetofive


def ninetofive(leave: Row, *more: Row, post: str = "staff", colleague: str = "", **tables: list[Row]) -> Site:
    """P1 and a colleague, both at work all day."""
    staff = [posted(post=post), posted("P2", backup_for=colleague), *more]
    return hall("ninetofive", staff, {p: ["08:55:00", "17:01:00"] for p in ("P1", "P2")}, leave=[leave], **tables)


HALF, MORE = ("09:00", "13:00"), ("09:00", "13:00:01")


def test_ninetofive_ladder_by_post_and_length() -> None:
    for (start, end), post, approvals, valid in (
        (HALF, "staff", "window_lead", True),
        (HALF, "staff", "inspection", False),
        (HALF, "staff", "unit_leader", True),
        (HALF, "lead", "inspection", True),
        (HALF, "chief", "window_lead", False),
        (MORE, "staff", "window_lead", False),
        (MORE, "lead", "inspection", False),
        (MORE, "lead", "unit_leader", True),
    ):
        leave = away(1, "P1", f"{DAY} {start}", f"{DAY} {end}", approvals)
        got = judge(ninetofive(leave, post=post), OVER)
        due = next(r[4] for r in got["verdicts"] if r[1] == "P1" and r[3] == "in")
        assert (due > f"{DAY} 09:00:00") == valid, (start, end, post, approvals)


def test_ninetofive_who_must_send_somebody() -> None:
    for (start, end), post, colleague, wanted in (
        (HALF, "staff", "", False),
        (MORE, "staff", "", True),
        (HALF, "lead", "", True),
        (HALF, "staff", "P1", True),  # P2 is only his B: P1 is the only person of the window
    ):
        leave = away(1, "P1", f"{DAY} {start}", f"{DAY} {end}", "unit_leader;inspection")
        got = judge(ninetofive(leave, post=post, colleague=colleague), OVER)
        assert today(got) == ([("1", "uncovered/standin")] if wanted else [])
        late = [sent(1, "P1", "P2", f"{DAY} 09:00", f"{DAY} {end}", f"{DAY} 20:00")]
        assert today(judge(ninetofive(leave, post=post, colleague=colleague, standin=late), OVER)) == []


def test_ninetofive_standins_must_hold_all_of_the_leave_as_taken() -> None:
    leave = away(1, "P1", f"{DAY} 09:00", f"{DAY} 17:00", "unit_leader")
    short = [sent(1, "P1", "P2", f"{DAY} 09:00", f"{DAY} 16:00")]
    assert today(judge(ninetofive(leave, standin=short), OVER)) == [("1", "uncovered/standin")]
    leave["returned_at"] = f"{DAY} 16:00"
    assert today(judge(ninetofive(leave, standin=short), OVER)) == []
    leave["returned_at"] = f"{DAY} 09:00"
    assert today(judge(ninetofive(leave), OVER)) == []  # cancelled


# foursign


def foursign(start: str, end: str, approvals: str, **tables: list[Row]) -> Site:
    punched = {"P1": ["09:55:00", "13:31:00", "15:55:00", "19:51:00"]}
    tables.setdefault("leave", [away(1, "P1", start, end, approvals)])
    return hall("foursign", [posted(), posted("P2", window="税务")], punched, **tables)


def test_foursign_ladder_and_standins_from_a_day() -> None:
    assert today(judge(foursign(f"{DAY} 10:00", f"{DAY} 13:30", "centre"), OVER)) == []
    got = judge(foursign(DAY, DAY, "centre"), OVER)
    assert words(got) == ["normal"] * 4  # not valid: all is due
    got = judge(foursign(DAY, DAY, "unit_leader"), OVER)
    assert words(got) == ["excused"] * 4
    assert today(got) == [("1", "uncovered/standin")]
    for filed, rows in ((f"{DAY} 10:00:00", []), (f"{DAY} 10:00:01", [("1", "uncovered/standin")])):
        standin = [sent(1, "P1", "P2", f"{DAY} am", f"{DAY} pm", filed)]
        assert today(judge(foursign(DAY, DAY, "unit_leader", standin=standin), OVER)) == rows


def test_foursign_an_outing_not_in_time_is_off_post_in_its_first_session() -> None:
    for filed, rows in ((f"{DAY} 10:00:00", []), (f"{DAY} 10:00:01", [("1", "off_post/outing")])):
        outing = out(f"{DAY} 11:00", f"{DAY} 18:00", filed)
        assert today(judge(foursign("", "", "", leave=[], outing=[outing]), OVER)) == rows
    outing = out(f"{DAY} 14:00", f"{DAY} 15:00", f"{DAY} 20:00")  # touches no session
    assert today(judge(foursign("", "", "", leave=[], outing=[outing]), OVER)) == []


def test_foursign_the_off_post_of_an_outing_waits_for_its_session() -> None:
    outing = out(f"{DAY} 16:30", "", f"{DAY} 17:00")
    site = foursign("", "", "", leave=[], outing=[outing])
    assert today(judge(site, OVER)) == [("2", "off_post/outing")]
    site.reads[0]["rows"].pop()
    assert today(judge(site, f"{DAY} 18:00:00")) == []
    assert today(judge(site, OVER)) == [("2", "absent_half_day/punch")]  # swallowed


# changxing


def test_changxing_retroactive_by_the_first_registration() -> None:
    leave = away(1, "P1", f"{DAY} 08:30", f"{DAY} 11:30", "centre", registered_at=f"{DAY} 08:30:01")
    site = hall("changxing", [posted()], {"P1": ["08:25:00", "11:31:00", "13:55:00", "17:31:00"]}, leave=[leave])
    got = judge(site, OVER)
    assert today(got) == [("0", "retroactive_leave/leave")]
    assert [r[5] for r in got["sums"]] == ["-5", "-5"]
    excused = merged(site, Site({"ruling": [ruled("excuse", 0, "retroactive_leave")]}))
    assert today(judge(excused, OVER)) == []
    earlier = merged(site, Site({"leave": [leave | {"registered_at": BEFORE}]}))
    assert today(judge(earlier, OVER)) == [("0", "retroactive_leave/leave")]
    cancelled = merged(site, Site({"leave": [leave | {"returned_at": f"{DAY} 08:30"}]}))
    assert today(judge(cancelled, OVER)) == []
    site.tables["leave"] = [leave | {"registered_at": f"{DAY} 08:30:00"}]
    assert today(judge(site, OVER)) == []
    later = merged(site, Site({"leave": [leave]}))
    assert today(judge(later, OVER)) == []


def test_changxing_presence_below_90_percent_of_a_known_month() -> None:
    # one session of 100 minutes: 10 minutes late are exactly 90 %
    for late, rows in (("09:10:00", []), ("09:10:01", [("0", "low_presence/threshold")])):
        roster = [rostered(1, "P1", DAY, DAY, "09:00-10:40")]
        site = hall("changxing", [posted()], {"P1": [late, "10:41:00"]}, roster=roster)
        got = judge(site, OVER)
        assert [row for row in today(got) if row[0] == "0"] == rows
        assert [r[5] for r in got["sums"]] == ["-5", "-5"]  # one item, with the late
        assert all(r[3] != "low_presence" for r in judge(site, "2026-10-31 23:59:59")["violations"])


def test_changxing_absent_and_amended_rows_and_presence() -> None:
    site = hall("changxing", [posted(to="2026-10-13")], {"P1": []})
    assert ("10-13", "P1", "0", "low_presence/threshold") in said(judge(site, OVER))
    roster = [rostered(1, "P1", DAY, DAY, "09:00-10:40")]
    late = hall("changxing", [posted()], {"P1": ["10:00:00", "10:41:00"]}, roster=roster)
    late.tables["ruling"] = [ruled("excuse", 1, "late")]
    assert today(judge(late, OVER)) == []


# county


def county(personal_end: str, sick_start: str, sick_end: str) -> Site:
    """Personal leave from 1 October, then sick leave, every day of the month a day of two sessions."""
    leaves = [
        away(1, "P1", "2026-10-01", personal_end, "centre"),
        away(2, "P1", sick_start, sick_end, "centre", kind="sick"),
    ]
    site = hall("county", [posted(**{"from": "2026-10-01", "to": "2026-10-20"})], {"P1": []}, leave=leaves)
    site.tables["roster"] = [rostered(1, "P1", "2026-10-01", "2026-10-20", "day")]
    site.answers = {"late_points": "0.5", "training_late_points": "0.5"}
    return site


def over(site: Site, as_of: str = OVER) -> list[tuple[str, str]]:
    return [(r[0], r[2]) for r in judge(site, as_of)["violations"] if r[3] == "leave_over"]


def test_county_leave_over_the_session_that_passes_fifteen_days() -> None:
    assert over(county("2026-10-10", "2026-10-10", "2026-10-15")) == []  # the 10th counts once
    assert over(county("2026-10-10", "2026-10-11", "2026-10-16 am")) == [("2026-10-16", "1")]
    assert over(county("2026-10-10 am", "2026-10-10 pm", "2026-10-18")) == [("2026-10-16", "1")]
    site = county("2026-10-10", "2026-10-11", "2026-10-18")
    assert over(site, "2026-10-15 23:59:59") == []
    assert over(site, "2026-10-16 00:00:00") == [("2026-10-16", "1")]
    assert ("person", "P1", "考勤", "2026", "2026-10-16", "-5") in judge(site, "2026-10-16 00:00:00")["sums"]


def test_county_an_only_session_wholly_on_leave_counts_a_day_at_once() -> None:
    site = county("2026-10-10", "2026-10-11", "2026-10-18")
    site.tables["roster"][0]["shift"] = "08:00-14:00"
    assert over(site) == [("2026-10-16", "1")]


# bureau


def bureau(*more: Row, leave: list[Row] | None = None, roster: list[Row] | None = None, **tables: list[Row]) -> Site:
    """P1 is the A of 公安, P2 and P3 his B's; P1 is on leave in the morning."""
    staff = [posted(), posted("P2", backup_for="P1"), posted("P3", backup_for="P1", window="税务"), *more]
    rows = roster or [rostered(1, "P1", DAY, DAY, "08:30-12:00+14:00-17:30")]
    leaves = leave or [away(1, "P1", f"{DAY} 08:30", f"{DAY} 12:00", "centre")]
    return hall("bureau", staff, {"P1": FOUR, "P2": ["08:31:00", "12:00:00"]}, leave=leaves, roster=rows, **tables)


def test_bureau_the_first_b_owes_the_session_of_an_excused_a() -> None:
    got = judge(bureau(), OVER)
    assert words(got) == ["excused", "excused", "normal", "normal"]
    assert words(got, "P2") == ["late", "normal"]
    assert words(got, "P3") == []
    assert said(got) == [("10-12", "P2", "1", "late/punch")]
    assert [(r[1], r[2]) for r in got["tallies"]] == [("P1", "1"), ("P2", "1"), ("P3", "0")]


def test_bureau_a_partly_excused_session_stays_the_as() -> None:
    leave = [away(1, "P1", f"{DAY} 08:30", f"{DAY} 11:50", "centre")]
    assert words(judge(bureau(leave=leave), OVER), "P2") == []
    leave = [away(1, "P1", f"{DAY} 08:30", f"{DAY} 11:50:01", "centre")]  # what is left is shorter than 10 min
    assert words(judge(bureau(leave=leave), OVER), "P2") == ["late", "normal"]
    assert words(judge(bureau(posted("P4")), OVER), "P2") == []  # two people without `backup_for`


def test_bureau_a_b_off_on_leave_or_at_work_passes_it_on() -> None:
    whole = [rostered(1, "P1", DAY, DAY, "08:30-12:00+14:00-17:30")]
    off = [*whole, rostered(2, "P2", DAY, DAY, "off")]
    busy = [*whole, rostered(2, "P2", DAY, DAY, "11:59-13:00")]
    beside = [*whole, rostered(2, "P2", DAY, DAY, "12:00-13:00")]
    for roster in (off, busy):
        assert words(judge(bureau(roster=roster), OVER), "P3") == ["missing", "missing"]
    got = judge(bureau(roster=beside), OVER)
    assert words(got, "P3") == []
    assert [r[2] for r in got["verdicts"] if r[1] == "P2"] == ["1", "1", "2", "2"]
    leaves = [
        away(1, "P1", f"{DAY} 08:30", f"{DAY} 12:00", "centre"),
        away(2, "P2", f"{DAY} 11:59:59", f"{DAY} 15:00", "centre"),
    ]
    got = judge(bureau(leave=leaves), OVER)
    assert (words(got, "P2"), words(got, "P3")) == ([], ["missing", "missing"])
    assert ("10-12", "P3", "1", "absent_half_day/punch") in said(got)
    assert [r[4] for r in got["violations"] if r[1] == "P3"] == ["税务"]


def test_bureau_an_incident_falls_into_an_owed_session() -> None:
    got = judge(bureau(incident=[noted(1, f"{DAY} 09:00:00", "games", "P2")]), OVER)
    assert today(got, "P2") == [("1", "games/incident"), ("1", "late/punch")]
