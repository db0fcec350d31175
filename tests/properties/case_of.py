"""A site's plain rows as the core's case, by way of the product's own intake, without a store."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal

from oracle.records import KEYS, Site
from punchsync.core.conclude import conclude, known_by
from punchsync.core.moment import day_of, parse_day, parse_moment, show_day, show_moment
from punchsync.core.points import number, two_places
from punchsync.core.records import FIRST_DAY, LAST_DAY, Calendar, Case, Punch, Read, Terminal
from punchsync.core.rules import Pack
from punchsync.core.score import posted_months
from punchsync.core.settle import settle
from punchsync.core.wanted import Wanted
from punchsync.intake.build import build_all, overrides
from punchsync.intake.notices import published
from punchsync.intake.parse import Context, parse
from punchsync.packs import load, shelf

EARLIEST = parse_moment("2020-01-01 00:00")

Rows = list[tuple[str, ...]]


def bodies(site: Site, pack: Pack) -> dict[str, list[Mapping[str, str]]]:
    """Every kind's rows, parsed from the CSV text a clerk would import; asserts that nothing is refused."""
    people = frozenset(r["person_id"] for r in site.tables.get("staff", ()))
    context = Context(frozenset(s.id for s in pack.shifts), people, frozenset(t["id"] for t in site.terminals))
    out: dict[str, list[Mapping[str, str]]] = {}
    for kind in KEYS:
        rows = site.tables.get(kind, [])
        if not rows:
            continue
        columns = list(dict.fromkeys(c for r in rows for c in r))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        parsed = parse(kind, text.getvalue().encode(), f"{kind}.csv", context)
        assert not parsed.problems, [p.show() for p in parsed.problems]
        out[kind] = list(dict(parsed.rows).values())
    for n, row in enumerate(out.get("leave", ())):
        first = site.first_registered.get(row["leave_id"], "")
        if first and parse_moment(first) != parse_moment(row["registered_at"]):
            out["leave"][n] = {**row, "first_registered_at": first}
    return out


def reads(site: Site, as_of: int) -> tuple[list[Read], list[Punch]]:
    """The site's reads with their punches numbered in order of first sight, as the store does."""
    numbers: dict[str, dict[tuple[str, int, int], int]] = defaultdict(dict)
    out: list[Read] = []
    punches: list[Punch] = []
    for id, read in enumerate(site.reads, 1):
        known, seen = numbers[read["terminal"]], Counter[tuple[str, int]]()
        held: list[tuple[int, int]] = []
        for user, text in read["rows"]:
            at = parse_moment(text)
            key = (user, at, seen[user, at])
            seen[user, at] += 1
            if key not in known:
                known[key] = len(known) + 1
                punches.append(Punch(read["terminal"], user, at))
            held.append((known[key], at))
        plausible = [(n, at) for n, at in held if EARLIEST <= at <= as_of]
        last = max((at for _, at in plausible), default=None)
        out.append(
            Read(
                read["terminal"],
                id,
                tuple((n, n) for n, _ in held),
                min((at for _, at in plausible), default=None),
                last,
                tuple(n for n, at in plausible if at == last),
                parse_moment(read["live_reach"]) if read.get("live_reach") else None,
                parse_moment(read["through"]) if read.get("through") else None,
            )
        )
    return out, punches


def case_of(site: Site, pack: Pack, as_of: int) -> Case:
    """The whole site as a case."""
    stored = bodies(site, pack)
    notices = published()
    rows, punches = reads(site, as_of)
    return Case(
        **build_all(stored),
        terminals=tuple(
            Terminal(
                t["id"],
                frozenset(t["windows"] or ()),
                parse_day(t["from"]) if t.get("from") else FIRST_DAY,
                parse_day(t["to"]) if t.get("to") else LAST_DAY,
            )
            for t in site.terminals
        ),
        reads=tuple(rows),
        punches=tuple(punches),
        calendar=Calendar(notices.years, notices.holidays, notices.makeup, overrides(stored.get("calendar", ()))),
    )


def pack_of(site: Site) -> Pack:
    """The shipped pack as this site's hall reads it."""
    return load.load(shelf.shipped()[site.pack], site.interpretations, site.answers).pack


def exports(site: Site, when: str) -> dict[str, Rows]:
    """What the core says of a site, as rows of text in the oracle's columns."""
    pack, as_of = pack_of(site), parse_moment(when)
    case = case_of(site, pack, as_of)
    today = day_of(as_of)
    months = posted_months(case.postings, today)
    results, bench = settle(case, pack, months, as_of)
    wanted = [w for r in results for w in r.wanted]
    said = conclude(pack, case, bench.excuses, known_by(results, today), today)
    return {
        "verdicts": sorted(
            (
                show_day(v.day), v.person, str(v.session), v.checkpoint, "" if v.due is None else show_moment(v.due),
                "" if v.punch is None else show_moment(v.punch), v.terminal, v.verdict, str(v.seconds),
            )
            for r in results for v in r.verdicts
        ),
        "violations": sorted(
            (show_day(v.day), v.person, str(v.session), v.kind, v.window, v.unit, str(v.seconds), v.source)
            for r in results for v in r.violations
        ),
        "scores": sorted(
            (s.period, s.account_type, s.account_id, s.category, number(s.base), number(s.points), number(s.score))
            for s in said.scores
        ),
        "outcomes": sorted(
            (o.period, o.subject_type, o.subject_id, o.outcome, number(o.counted), "proposed")
            for o in said.outcomes
        ),
        "ranking": sorted(
            (
                r.period, r.subject_type, r.subject_id, str(r.rank), two_places(r.score), str(r.violations),
                str(r.seconds),
            )
            for r in said.ranks
        ),
        "tallies": sorted(tuple(map(str, t)) for r in results for t in r.tallies),
        "coverage": sorted(
            (c.terminal, "" if c.through is None else show_moment(c.through))
            for c in bench.terminals.coverages.values()
        ),
        "sums": sums(wanted),
    }  # fmt: skip


def sums(wanted: list[Wanted]) -> Rows:
    """Standing sums by account, period and value date."""
    out: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for w in wanted:
        out[w.account_type, w.account_id, w.category, w.period, show_day(w.value_date)] += w.points
    return sorted((*key, number(points)) for key, points in out.items() if points)
