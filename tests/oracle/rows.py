"""Literal judge for tests: violations — sessions, incidents, rulings (HALLS: Session, Incidents, Ruling)."""

from __future__ import annotations

from datetime import date, datetime

from .charges import charge
from .conversions import charge_month
from .hours import Case, posting
from .leave import excuses, required
from .owed import day_sessions
from .records import Interval, Row, day_of, in_dates, midnight, moment
from .standins import leave_rows, outing_rows
from .thresholds import threshold_rows
from .violation import WAITING, Days, Violation, excused_absence, kind_of, same_session, unknown_session

CONDUCT = ("off_post", "wandering", "private_work", "games", "no_badge", "early")


def winner(case: Case, *, person: str, window: str, day: date, session: int, kind: str) -> Row | None:
    """Of the rulings that fit a violation the latest decided, then the larger ruling_id."""
    fit = [
        row
        for row in case.site.rows("ruling")
        if day_of(row["date"]) == day
        and int(row["session"]) == session
        and row.get("kind", "") in ("", kind)
        and (row.get("person_id") == person if person else row.get("window") == window and not row.get("person_id"))
    ]
    return max(fit, key=lambda row: (moment(row["decided_at"]), row["ruling_id"])) if fit else None


def rule_on_unverified(case: Case, days: Days) -> None:
    """`uphold` turns unverified into the verdict it would be; an excused one counts as known; `amend` does
    nothing here.
    """
    for (person, day), checks in days.items():
        for check in checks:
            if check.verdict == "unverified":
                kind = kind_of(case, check.would, check.seconds)
                row = winner(case, person=person, window="", day=day, session=check.session, kind=kind)
                if row is not None and row["effect"] == "uphold":
                    check.verdict = check.would
                elif row is not None and row["effect"] == "excuse":
                    check.cleared = True


def session_at(sessions: list[Interval], at: datetime) -> int:
    """The session with start ≤ at ≤ end, else 0."""
    for n, (start, end) in enumerate(sessions, 1):
        if start <= at <= end:
            return n
    return 0


def in_excused_time(case: Case, person: str, at: datetime) -> bool:
    """Inside valid leave, a filed outing, or a required piece dropped as too short."""
    parts = list(excuses(case, person))
    for session in day_sessions(case, person, at.date()):
        parts += required(case, person, session)[1]
    return any(start <= at < end for start, end in parts)


def incident_rows(case: Case, last: date) -> list[Violation]:
    """What supervisors wrote down, verbatim; without a posting on its day an incident yields no row."""
    out = []
    for row in case.site.rows("incident"):
        at, kind = moment(row["at"]), row["kind"]
        if at.date() > last:
            continue
        person = row.get("person_id", "")
        if person:
            post = posting(case, person, at.date())
        else:
            on_window = [r for r in case.staff if r["window"] == row["window"] and in_dates(r, at.date())]
            post = on_window[0] if on_window else None
        if post is None:
            continue
        session = session_at(day_sessions(case, person, at.date()), at) if person else 0
        if person and in_excused_time(case, person, at) and kind not in ("proxy_punch", "leave_breach"):
            continue
        if kind in CONDUCT and session == 0:
            continue
        warned = row.get("warned", "") == "yes"
        out.append(
            Violation(at.date(), person, session, kind, post["window"], post["unit"], 0, "incident", (2, at), warned)
        )
    return out


def session_rule(rows: list[Violation]) -> list[Violation]:
    """An absence swallows every late, early and off_post of its session and stands once (but for ninetofive's
    second half-day); early by punch and incident count once.
    """
    out: list[Violation] = []
    sessions = sorted({(r.person, r.day, r.session) for r in rows})
    for person, day, session in sessions:
        here = sorted(same_session(rows, person, day, session), key=lambda r: r.order)
        if session == 0:
            out += here
            continue
        absences = [r for r in here if r.kind == "absent_half_day"]
        if absences:
            standing = absences[:1] + [r for r in absences[1:] if r.second]
            here = standing + [r for r in here if r.kind not in WAITING]
        elif any(r.kind == "early" and r.source == "punch" for r in here):
            here = [r for r in here if not (r.kind == "early" and r.source == "incident")]
        out += here
    return out


def second_half_day(case: Case, person: str, day: date, session: int, missing: int) -> bool:
    """ninetofive: both ends of the day's one session missing, and more than half of it required."""
    sessions = day_sessions(case, person, day)
    if case.site.pack != "ninetofive" or missing < 2 or len(sessions) != 1:
        return False
    start, end = sessions[session - 1]
    seconds = sum((b - a).total_seconds() for a, b in required(case, person, (start, end))[0])
    return seconds * 2 > (end - start).total_seconds()


def punch_rows(case: Case, days: Days) -> list[Violation]:
    """A row for every checkpoint that is late, early or missing."""
    rows: list[Violation] = []
    for (person, day), checks in days.items():
        post = posting(case, person, day)
        assert post is not None
        for check in checks:
            if check.verdict in ("late", "early", "missing"):
                kind = kind_of(case, check.verdict, check.seconds)
                place = (0 if check.name == "in" else 1, midnight(day))
                window, unit, seconds = post["window"], post["unit"], check.seconds
                row = Violation(day, person, check.session, kind, window, unit, seconds, "punch", place)
                missing = [c for c in checks if c.session == check.session and c.verdict == "missing"]
                second = check.verdict == "missing" and check.name == "out"
                row.second = second and second_half_day(case, person, day, check.session, len(missing))
                rows.append(row)
    return rows


def base_rows(case: Case, days: Days, last: date) -> list[Violation]:
    """Late, early, off_post and absence once nothing of the session is unknown; all others at once."""
    rows = punch_rows(case, days) + incident_rows(case, last) + leave_rows(case, last) + outing_rows(case, last)
    rows = [r for r in rows if not (r.kind in WAITING and unknown_session(days, r))]
    rows = [r for r in rows if not (r.kind in WAITING and r.kind != "absent_half_day" and excused_absence(days, r))]
    return session_rule(rows)


def apply_rulings(case: Case, days: Days, rows: list[Violation]) -> list[Violation]:
    """Excuse removes, amend renames; then the session rule once more, waiting included."""
    out = []
    for r in rows:
        ruling = winner(case, person=r.person, window=r.window, day=r.day, session=r.session, kind=r.kind)
        if ruling is not None and ruling["effect"] == "excuse":
            continue
        if ruling is not None and ruling["effect"] == "amend":
            r.kind = ruling["as_kind"]
            if r.kind not in ("late", "early", "off_post"):
                r.seconds = 0
        out.append(r)
    out = [r for r in out if not (r.kind in WAITING and unknown_session(days, r))]
    return session_rule(out)


def violations(case: Case, days: Days, last: date) -> list[Violation]:
    """Everything that stands, with its points."""
    rule_on_unverified(case, days)
    rows = apply_rulings(case, days, base_rows(case, days, last))
    if case.site.pack == "yihuang":
        out = [r for r in rows if r.person == ""]
        charge(case, out)
        for person, month in sorted({(r.person, r.month) for r in rows if r.person}):
            mine = [r for r in rows if (r.person, r.month) == (person, month)]
            out += charge_month(mine, lambda r: unknown_session(days, r))
    else:
        out = rows + threshold_rows(case, days, rows, last)
        charge(case, out)
    return sorted(out, key=lambda r: (r.order, r.person))
