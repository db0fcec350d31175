"""Literal judge for tests: seeded nasty but valid months of a small hall, and later waves of changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from .builder import Builder
from .packsites import PackBuilder
from .records import DAY, Row, Site, day_of, days_between, merged, moment, text_of
from .words import INCIDENTS


def builder_of(seed: int, month: str, length: str, live: bool, pack: str) -> Builder:
    """The builder that makes sites of the pack."""
    if pack == "yihuang":
        return Builder(seed, month, length, live)
    return PackBuilder(seed, month, length, live, pack)


def random_site(
    seed: int,
    *,
    month: str = "2026-10",
    length: str = "short",
    live: bool = True,
    contested: bool = True,
    pack: str = "yihuang",
) -> tuple[Site, str]:
    """A nasty but valid site and its as-of.

    `length`: `short` (3–6 days), `month`, or `quarter` and `year` (those ending with `month`, rostered off
    but for the last days, so that rankings of people come out; for other packs also but for a few days of each
    month). `live=False` makes punch files
    only; `contested=False` leaves out device user ids that several people have until precedence decides.
    """
    builder = builder_of(seed, month, length, live, pack)
    builder.contested = contested
    site = builder.build()
    return site, site.as_of


def second_wave(seed: int, site: Site) -> Site:
    """Later changes to a site: only the rows that are new, changed or withdrawn, and the later reads.

    `merged(site, wave)` is the whole; `wave.as_of` is not before the site's.
    """
    staff = site.rows("staff")
    as_of = moment(site.as_of)
    builder = builder_of(seed, site.as_of[:7], "short", True, site.pack)
    rng = builder.rng = Random(f"wave/{seed}")
    builder.wave = 1 + seed % 9
    builder.number = 1000
    builder.calm = False
    builder.live = any(read["live_reach"] for read in site.reads)
    builder.people = sorted({row["person_id"] for row in staff})
    builder.days = days_between(max(min(day_of(row["from"]) for row in staff), as_of.date() - 20 * DAY), as_of.date())
    builder.last = builder.days[-1]
    builder.site = merged(site, Site())
    known = {kind: [dict(row) for row in rows] for kind, rows in builder.site.tables.items()}
    kinds: list[tuple[str, Callable[[], Row], int]] = [
        ("leave", builder.leave_row, 2),
        ("outing", builder.outing_row, 1),
        ("incident", builder.incident_row, 2),
        ("outage", builder.outage_row, 1),
        ("paper", builder.paper_row, 2),
        ("ruling", builder.ruling_row, 3),
    ]
    if site.pack != "yihuang":
        kinds.append(("standin", builder.standin_row, 2))
        change_scores(builder)
    for kind, make, most in kinds:
        for row in builder.site.tables[kind]:
            if rng.random() < 0.15:
                row["withdrawn"] = "" if row.get("withdrawn") else text_of(as_of)
            elif rng.random() < 0.15:
                change_row(builder, kind, row)
        for _ in builder.some(most):
            builder.add(kind, make())
    if builder.chance(0.3):
        builder.make_calendar()
    if builder.chance(0.3):
        person, day = builder.person(), builder.day()
        builder.add("roster", builder.roster_row(person, "", day, day))
    later = as_of + timedelta(hours=rng.choice([0, 0, 5, 24]))
    if later.year != as_of.year and not any(row["to"] for row in staff):
        later = as_of
    wave = Site(tables={}, terminals=[], as_of=text_of(later))
    for kind, rows in builder.site.tables.items():
        changed = [row for row in rows if row not in known[kind]]
        if changed:
            wave.tables[kind] = changed
    builder.site.reads = []
    punched = [
        (moment(at), read["terminal"], user)
        for read in site.reads
        for user, at in read["rows"]
        if "2020" < at[:4] < "2090"
    ]
    punched += builder.make_punches() if builder.chance(0.5) else []
    builder.make_reads(sorted(set(punched)), later, 0.9)
    wave.reads = builder.site.reads
    return wave


def change_scores(builder: Builder) -> None:
    """Now and then other points for what somebody else has given."""
    for row in builder.site.tables.get("scores", []):
        if builder.chance(0.1):
            row["points"] = builder.rng.choice(["90", "-5", "1.5", "0"])
        elif builder.chance(0.03):
            row["withdrawn"] = builder.site.as_of


def change_row(builder: Builder, kind: str, row: Row) -> None:
    """A new version of a known record, key untouched."""
    rng = builder.rng
    if kind == "leave":
        row["approvals"] = rng.choice(builder.words.approvals)
        row["certificate"] = rng.choice(["yes", "no"])
        if builder.site.pack != "yihuang" and builder.chance(0.4):
            row["registered_at"] = builder.registered(row["person_id"], row["start"])
        if builder.chance(0.3):
            row["returned_at"] = text_of(builder.around(row["person_id"], day_of(row["start"][:10])))
    elif kind == "standin":
        row["filed_at"] = builder.registered(row["absent_person_id"], row["start"])
    elif kind == "outing":
        row["registered_at"] = builder.registered(row["person_id"], row["start"])
    elif kind == "incident" and row["person_id"]:
        row["kind"] = rng.choice(INCIDENTS)
    elif kind == "outage" and row["end"]:
        row["end"] = row["end"] if len(row["end"]) == 10 else text_of(moment(row["end"]) + timedelta(minutes=10))
    elif kind == "ruling" and row["effect"] != "amend":
        row["effect"] = rng.choice(["excuse", "uphold"])
