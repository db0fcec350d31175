"""Literal judge for tests: violations — sessions, incidents, rulings, conversions, charges (HALLS: Session
to Conversion, yihuang).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .days import Check
from .hours import Case, excuses, posting, required, timetable
from .records import Interval, Row, day_of, in_dates, midnight, moment

CONDUCT = ("off_post", "wandering", "private_work", "games", "no_badge", "early")
FINDINGS = ("off_post", "wandering", "private_work", "games")
WAITING = ("late", "early", "off_post", "absent_half_day")
HALF = Decimal("0.5")
ZERO = Decimal(0)
DUTY, STUDY, SERVICE = "勤", "德·会议学习", "文明服务"
Days = dict[tuple[str, date], list[Check]]


@dataclass(eq=False)
class Violation:
    """One row; `place` orders it in its session: `in` 0, `out` 1, then incidents by time."""

    day: date
    person: str
    session: int
    kind: str
    window: str
    unit: str
    seconds: int
    source: str
    place: tuple[int, datetime]
    warned: bool = False
    points: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # (account type, category) -> deduction

    @property
    def order(self) -> tuple[date, int, tuple[int, datetime], str]:
        return (self.day, self.session, self.place, self.kind)

    @property
    def month(self) -> str:
        return self.day.strftime("%Y-%m")


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
                kind = "absent_half_day" if check.would == "missing" else check.would
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
    for session in timetable(case, person, at.date()):
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
        session = session_at(timetable(case, person, at.date()), at) if person else 0
        if person and in_excused_time(case, person, at) and kind not in ("proxy_punch", "leave_breach"):
            continue
        if kind in CONDUCT and session == 0:
            continue
        warned = row.get("warned", "") == "yes"
        out.append(
            Violation(at.date(), person, session, kind, post["window"], post["unit"], 0, "incident", (2, at), warned)
        )
    return out


def same_session(rows: list[Violation], person: str, day: date, session: int) -> list[Violation]:
    return [r for r in rows if (r.person, r.day, r.session) == (person, day, session)]


def session_rule(rows: list[Violation]) -> list[Violation]:
    """An absence swallows every late, early and off_post of its session and stands once; early by punch and
    incident count once.
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
            here = absences[:1] + [r for r in here if r.kind not in WAITING]
        elif any(r.kind == "early" and r.source == "punch" for r in here):
            here = [r for r in here if not (r.kind == "early" and r.source == "incident")]
        out += here
    return out


def base_rows(case: Case, days: Days, last: date) -> list[Violation]:
    """Late, early, off_post and absence once nothing of the session is unknown; other incidents at once."""
    rows: list[Violation] = []
    for (person, day), checks in days.items():
        post = posting(case, person, day)
        assert post is not None
        for check in checks:
            kind = "absent_half_day" if check.verdict == "missing" else check.verdict
            if kind in ("absent_half_day", "late", "early"):
                place = (0 if check.name == "in" else 1, midnight(day))
                rows.append(
                    Violation(
                        day,
                        person,
                        check.session,
                        kind,
                        post["window"],
                        post["unit"],
                        check.seconds,
                        "punch",
                        place,
                    )
                )
    rows += incident_rows(case, last)
    rows = [r for r in rows if not (r.kind in WAITING and unknown_session(days, r))]
    rows = [r for r in rows if not (r.kind in WAITING and r.kind != "absent_half_day" and excused_absence(days, r))]
    return session_rule(rows)


def checks_of(days: Days, row: Violation) -> list[Check]:
    return [check for check in days.get((row.person, row.day), []) if check.session == row.session]


def unknown_session(days: Days, row: Violation) -> bool:
    return any(check.unknown for check in checks_of(days, row))


def excused_absence(days: Days, row: Violation) -> bool:
    """An excused unverified absence swallows what it would have swallowed."""
    return any(check.cleared and check.would == "missing" for check in checks_of(days, row))


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


def deductions(kind: str, warned: bool) -> dict[tuple[str, str], Decimal]:
    """The table of yihuang: what a violation takes from the person's and the window's categories."""
    person, window = ("person", DUTY), ("window", SERVICE)
    if kind in ("late", "early"):
        return {person: HALF, window: HALF}
    if kind == "absent_half_day":
        return {person: Decimal("2.5"), window: Decimal("2.5")}
    if kind in FINDINGS:
        return {person: Decimal(2), window: ZERO if kind == "private_work" else Decimal(2)}
    if kind == "no_badge":
        return {person: HALF, window: Decimal(2) if warned else ZERO}
    if kind == "missed_study":
        return {person: Decimal(1), ("person", STUDY): Decimal(5)}
    if kind in ("missed_meeting", "missed_weekly", "missed_training"):
        return {("person", STUDY): Decimal(5)}
    return {}


def derived(of: Violation, kind: str) -> Violation:
    """A row of source `conversion` with date, session, window and place of the row it comes from."""
    return Violation(of.day, of.person, of.session, kind, of.window, of.unit, 0, "conversion", of.place)


def split_heavier(finding: Violation, more: Violation) -> None:
    """Points heavier of finding and derived, per account: the lighter of the two is not charged."""
    theirs = deductions(more.kind, False)
    for account, points in deductions(finding.kind, finding.warned).items():
        if theirs.get(account, ZERO) > points:
            finding.points[account], more.points[account] = ZERO, theirs[account]
        else:
            finding.points[account], more.points[account] = points, ZERO


def convert_findings(rows: list[Violation], unknown: Callable[[Violation], bool]) -> dict[Violation, Violation]:
    """One person's month: the first finding also yields one `early`, each later one an `absent_half_day`.

    `rows` is changed in place; the answer is derived row -> finding. A derived row waits with its session.
    """
    pairs: dict[Violation, Violation] = {}
    findings = sorted([r for r in rows if r.kind in FINDINGS], key=lambda r: r.order)
    for n, finding in enumerate(findings, 1):
        here = same_session(rows, finding.person, finding.day, finding.session)
        if unknown(finding) or any(r.kind == "absent_half_day" for r in here):
            continue
        if n == 1:
            if not any(r.kind == "early" for r in here):
                early = derived(finding, "early")
                rows.append(early)
                pairs[early] = finding
            continue
        absence = derived(finding, "absent_half_day")
        for r in here:
            if r.kind in ("late", "early"):
                rows.remove(r)
        rows.append(absence)
        pairs[absence] = finding
    return pairs


def convert_tens(rows: list[Violation]) -> list[tuple[Violation, list[Violation]]]:
    """One person's month: the tenth late/early yields one `absent_half_day`, the twentieth a second."""
    made = []
    group: list[Violation] = []
    for r in sorted([r for r in rows if r.kind in ("late", "early")], key=lambda r: r.order):
        if r not in rows:
            continue  # swallowed meanwhile
        group.append(r)
        if len(group) < 10:
            continue
        here = same_session(rows, r.person, r.day, r.session)
        if not any(other.kind == "absent_half_day" for other in here):
            for other in here:
                if other.kind in ("late", "early") and other not in group:
                    rows.remove(other)
            absence = derived(r, "absent_half_day")
            rows.append(absence)
            made.append((absence, group))
        group = []
    return made


def charge_month(rows: list[Violation], unknown: Callable[[Violation], bool]) -> list[Violation]:
    """One person's month in time order: findings first, then the ten; then what each row that stands is
    charged.
    """
    rows = list(rows)
    pairs = convert_findings(rows, unknown)
    tens = convert_tens(rows)
    for r in rows:
        r.points = deductions(r.kind, r.warned)
    for more, finding in pairs.items():
        if more in rows:  # else it was swallowed and the finding keeps its own
            split_heavier(finding, more)
    for absence, group in tens:
        for account in (("person", DUTY), ("window", SERVICE)):
            charged = sum((r.points.get(account, ZERO) for r in group), ZERO)
            half_day = deductions("absent_half_day", False)[account]
            if half_day > charged:
                for r in group:
                    r.points[account] = ZERO
                absence.points[account] = half_day
            else:
                absence.points[account] = ZERO
    return rows


def violations(case: Case, days: Days, last: date) -> list[Violation]:
    """Everything that stands, with its points."""
    rule_on_unverified(case, days)
    rows = apply_rulings(case, days, base_rows(case, days, last))
    out: list[Violation] = []
    for person, month in sorted({(r.person, r.month) for r in rows}):
        mine = [r for r in rows if (r.person, r.month) == (person, month)]
        if person == "":
            for r in mine:
                r.points = deductions(r.kind, r.warned)
                if r.points:
                    r.points = {a: p for a, p in r.points.items() if a[0] == "window"}
            out += mine
        else:
            out += charge_month(mine, lambda r: unknown_session(days, r))
    return sorted(out, key=lambda r: (r.order, r.person))
