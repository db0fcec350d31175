"""Days of a small hall as hypothesis draws and shrinks them: everything lies close to what a rule turns on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from oracle.hand import away, hall, noted, out, posted, rostered, sent
from oracle.records import Row, Site

PACKS = (
    "yihuang", "county", "tianyang", "tongshan", "changxing", "ninetofive", "foursign", "pinghu", "citizens", "bureau",
)  # fmt: skip
DAYS = ("2026-10-12", "2026-10-13")  # Monday and Tuesday
EDGES = ("08:30", "09:00", "10:00", "11:30", "12:00", "13:30", "14:00", "14:30", "16:00", "17:00", "17:30", "19:50")
OFFS = (0, 1, -1, 59, 60, -60, 599, 600, 601, -599, -600, -601, 900, 901, -900, 3600, -3600, 5400, 5401, -5400, -5401)
SIGNED = ("", "window_lead", "window_lead;inspection", "unit_leader", "unit_leader;centre_leader", "centre")
CONDUCT = ("off_post", "wandering", "private_work", "games", "no_badge", "early", "leave_breach", "missed_study")
SESSIONS = "08:30-12:00+14:00-17:30"


def text(at: datetime) -> str:
    """A moment as files write it."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def near(day: str) -> st.SearchStrategy[datetime]:
    """A moment of a day close to where a session of some pack begins or ends."""
    return st.builds(
        lambda edge, off: datetime.fromisoformat(f"{day} {edge}") + timedelta(seconds=off),
        st.sampled_from(EDGES),
        st.sampled_from(OFFS),
    )


MOMENT = st.sampled_from(DAYS).flatmap(near)
PERSON = st.sampled_from(["P1", "P2", "P3"])
PUNCHES = st.tuples(*(st.lists(near(day), max_size=6, unique=True) for day in DAYS))


def span(make: Any) -> st.SearchStrategy[Row]:
    """A row of somebody's stretch of time, its other moment before or after it."""
    return st.tuples(PERSON, MOMENT, MOMENT, MOMENT).filter(lambda x: x[1] < x[2]).map(lambda x: make(*x))


LEAVE = st.tuples(span(lambda p, a, b, at: (p, a, b, at)), st.sampled_from(SIGNED), st.sampled_from(["yes", ""]))
STANDIN = st.tuples(span(lambda p, a, b, at: (p, a, b, at)), st.sampled_from(["P1", "P2", "P3"]))


@st.composite
def halls(draw: st.DrawFn, pack: str) -> tuple[Site, str]:
    """A site of three people over two days, and an as-of."""
    posts = draw(st.tuples(*[st.sampled_from(["staff", "staff", "lead"])] * 3))
    backing = draw(st.sampled_from(["", "P1", "P3", "P1;P3"]))
    windows = draw(st.sampled_from([("公安", "公安", "公安"), ("公安", "公安", "社保"), ("公安", "社保", "社保")]))
    staff = [
        posted(f"P{n}", post=post, window=window, backup_for=backing if n == 2 else "", to=DAYS[1])
        for n, (post, window) in enumerate(zip(posts, windows, strict=True), 1)
    ]
    for row in staff:
        row["from"] = DAYS[0]
    punched = {f"P{n}": [text(at) for day in draw(PUNCHES) for at in sorted(day)] for n in (1, 2, 3)}
    leaves = [
        away(n, p, text(a), text(b), signed, registered_at=text(at), certificate=yes)
        for n, ((p, a, b, at), signed, yes) in enumerate(draw(st.lists(LEAVE, max_size=3)))
    ]
    standins = [
        sent(n, p, other, text(a), text(b), text(at))
        for n, ((p, a, b, at), other) in enumerate(draw(st.lists(STANDIN, max_size=2)))
        if other != p
    ]
    outings = {
        row["outing_id"]: row
        for row in draw(st.lists(span(lambda p, a, b, at: out(text(a), text(b), text(at), p)), max_size=2))
    }
    incidents = [
        noted(n, text(at), kind, p)
        for n, (p, at, kind) in enumerate(
            draw(st.lists(st.tuples(PERSON, MOMENT, st.sampled_from(CONDUCT)), max_size=3))
        )
    ]
    rulings = [
        {
            "ruling_id": f"D{n}", "person_id": p, "window": "", "date": day, "session": session, "kind": "",
            "effect": effect, "as_kind": "late" if effect == "amend" else "", "document": "", "decided_by": "某",
            "decided_at": f"{DAYS[1]} 20:00",
        }
        for n, (p, day, session, effect) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        PERSON, st.sampled_from(DAYS), st.sampled_from(["0", "1", "2"]),
                        st.sampled_from(["excuse", "uphold", "amend"]),
                    ),
                    max_size=2,
                )
            )
        )
    ]  # fmt: skip
    dark = draw(st.lists(st.tuples(MOMENT, MOMENT).filter(lambda x: x[0] < x[1]), max_size=1))
    outages = [{"terminal_id": "T1", "start": text(a), "end": text(b), "kind": "no_punch"} for a, b in dark]
    rosters = [rostered(n, p, DAYS[0], DAYS[1], SESSIONS) for n, p in enumerate(draw(st.lists(PERSON, unique=True)))]
    tables: dict[str, list[Row]] = {
        "leave": leaves, "standin": standins, "outing": list(outings.values()), "incident": incidents,
        "ruling": rulings, "outage": outages, "roster": rosters,
    }  # fmt: skip
    site = hall(pack, staff, punched, **{kind: rows for kind, rows in tables.items() if rows})
    if pack == "county":
        site.answers = {"late_points": "0.5", "training_late_points": "1"}
    as_of = draw(st.one_of(MOMENT.map(text), st.just("2026-10-14 12:00:00"), st.just("2026-11-02 09:00:00")))
    through = draw(st.one_of(st.just(as_of), MOMENT.map(text)))
    site.reads[0]["through"] = through
    return site, as_of
