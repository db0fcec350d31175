"""Literal judge for tests: what findings and tens of lates become in yihuang, and the heavier of both (HALLS:
Conversion, yihuang).
"""

from __future__ import annotations

from collections.abc import Callable

from .charges import DUTY, FINDINGS, SERVICE, ZERO, yihuang_deductions
from .violation import Violation, same_session


def derived(of: Violation, kind: str) -> Violation:
    """A row of source `conversion` with date, session, window and place of the row it comes from."""
    return Violation(of.day, of.person, of.session, kind, of.window, of.unit, 0, "conversion", of.place)


def split_heavier(finding: Violation, more: Violation) -> None:
    """Points heavier of finding and derived, per account: the lighter of the two is not charged."""
    theirs = yihuang_deductions(more.kind, False)
    for account, points in yihuang_deductions(finding.kind, finding.warned).items():
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
        r.points = yihuang_deductions(r.kind, r.warned)
    for more, finding in pairs.items():
        if more in rows:  # else it was swallowed and the finding keeps its own
            split_heavier(finding, more)
    for absence, group in tens:
        for account in (("person", DUTY), ("window", SERVICE)):
            charged = sum((r.points.get(account, ZERO) for r in group), ZERO)
            half_day = yihuang_deductions("absent_half_day", False)[account]
            if half_day > charged:
                for r in group:
                    r.points[account] = ZERO
                absence.points[account] = half_day
            else:
                absence.points[account] = ZERO
    return rows
