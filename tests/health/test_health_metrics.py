"""Metrics: what is counted is what was logged, and every name in the dashboard and the alert rules exists."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from healthkit import NAMES, answered, ask, make_site, terminal
from prometheus_client.parser import text_string_to_metric_families

from punchsync.bootstrap import opened
from punchsync.core.moment import parse_moment
from punchsync.operations.poll import poll
from punchsync.service.facts import Facts, Gauges, Outbox
from punchsync.service.gauges import About
from punchsync.service.gauges import Gauges as Collector
from punchsync.service.health import Limits, Seen, Trouble
from punchsync.service.metrics import Metrics
from punchsync.service.pulse import Pulse, State
from punchsync.service.timeline import JobState

MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"
NOW = parse_moment("2026-03-02 12:00:00")
MARCH_2_NOON = 1_772_424_000.0  # 2026-03-02 04:00:00 UTC
FACTS = Facts(
    NOW,
    NOW - 99,
    {"T1": Gauges(NOW - 60, NOW - 61, -3, 0.25, 2, True), "二号": Gauges(None, None, None, None, 0, True)},
    {"pending": 4, "unverified": 1},
    2,
    Outbox(7, NOW - 30, 5),
    {"disk_low": 1, "terminal_silent": 2},
    (
        JobState("poll-1", NOW - 20, NOW - 10, "ok", NOW + 9, owed=None),
        JobState("poll-2", None, None, "", NOW + 5, trouble_times=2, owed=NOW - 8),
        JobState("nightly", None, None, "", NOW + 50),
    ),
    {"poll-1": NOW - 10, "poll-2": NOW - 30},
    11,
    13,
)
SEEN = Seen(State(True, "", 0.0, 1.0, 0, ()), FACTS, "", 5_000, 1.0)
ABOUT = About("1.2", "0005", "h", "yihuang")


def metrics(seen: Seen = SEEN) -> Metrics:
    gauges = Collector(lambda: seen, Limits(4_000, 3600), ABOUT, ZoneInfo("Asia/Shanghai"))
    return Metrics(gauges, ["T1"], ["poll-1", "poll-2", "nightly"])


def values(text: str) -> dict[str, float]:
    """Samples as they are written, but for labels in order."""
    return {
        sample.name + "".join(f"[{k}={v}]" for k, v in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(of: Metrics) -> dict[str, float]:
    return values(of.exposition("")[0].decode())


def test_gauges_say_what_the_facts_say() -> None:
    found = {
        name: v for name, v in scraped(metrics()).items() if name.startswith("punchsync_") and "_bucket" not in name
    }
    gauges = {
        "punchsync_info[hall=h][pack=yihuang][schema=0005][version=1.2]": 1,
        **{f"punchsync_check_ok[check={c}]": 1 for c in ("service", "store_read", "store_write", "disk", "coverage")},
        "punchsync_check_ok[check=schedule]": 1,
        "punchsync_ready": 1,
        "punchsync_loop_age_seconds": 1,
        "punchsync_job_quiet_seconds": 0,
        "punchsync_disk_free_bytes": 5000,
        "punchsync_coverage_age_seconds[terminal=T1]": 60,
        "punchsync_read_age_seconds[terminal=T1]": 61,
        "punchsync_clock_offset_seconds[terminal=T1]": -3,
        "punchsync_log_fill_ratio[terminal=T1]": 0.25,
        "punchsync_defects[terminal=T1]": 2,
        "punchsync_defects[terminal=二号]": 0,
        "punchsync_job_last_success_timestamp_seconds[job=poll]": MARCH_2_NOON - 10,
        "punchsync_job_next_due_timestamp_seconds[job=poll]": MARCH_2_NOON + 5,
        "punchsync_job_next_due_timestamp_seconds[job=nightly]": MARCH_2_NOON + 50,
        "punchsync_job_overdue_seconds[job=poll]": 8,
        "punchsync_job_overdue_seconds[job=nightly]": 0,
        "punchsync_job_failing[job=poll]": 2,
        "punchsync_job_failing[job=nightly]": 0,
        "punchsync_checkpoints[verdict=pending]": 4,
        "punchsync_checkpoints[verdict=unverified]": 1,
        "punchsync_months_dirty": 2,
        "punchsync_outbox_entries[state=waiting]": 7,
        "punchsync_outbox_entries[state=refused]": 5,
        "punchsync_outbox_age_seconds": 30,
        "punchsync_attention_open[code=disk_low]": 1,
        "punchsync_attention_open[code=terminal_silent]": 2,
        "punchsync_attention_open[code=verify_failed]": 0,
        "punchsync_ledger_height": 11,
        "punchsync_chain_height": 13,
    }
    assert {name: found.get(name) for name in gauges} == gauges
    counters = {name for name in found if name not in gauges and not name.startswith("punchsync_attention_open")}
    assert {found[name] for name in counters} == {0}


def test_a_store_that_can_t_be_read_leaves_its_gauges_out_and_says_so() -> None:
    found = scraped(metrics(SEEN._replace(facts=Trouble("OperationalError"))))
    assert (found["punchsync_check_ok[check=store_read]"], found["punchsync_ready"]) == (0, 0)
    assert [
        n for n in found if n.startswith(("punchsync_coverage", "punchsync_ledger_height", "punchsync_outbox"))
    ] == []
    assert found["punchsync_jobs_total[job=poll][outcome=done]"] == 0


def test_a_hall_without_a_scoring_store_has_no_outbox() -> None:
    found = scraped(metrics(SEEN._replace(facts=FACTS._replace(outbox=None))))
    assert not [name for name in found if name.startswith("punchsync_outbox")]


EVENTS: list[tuple[dict[str, Any], dict[str, float]]] = [
    (
        {"event": "read", "terminal": "T1", "outcome": "ok", "new": 3, "bytes": 40, "ms": 500},
        {
            "punchsync_reads_total[outcome=ok][terminal=T1]": 1,
            "punchsync_punches_new_total[terminal=T1]": 3,
            "punchsync_read_bytes_total[terminal=T1]": 40,
            "punchsync_read_duration_seconds_sum": 0.5,
            "punchsync_read_duration_seconds_count": 1,
        },
    ),
    (
        {"event": "job_done", "job": "poll-2", "ms": 2000},
        {
            "punchsync_jobs_total[job=poll][outcome=done]": 1,
            "punchsync_job_duration_seconds_sum[job=poll]": 2,
            "punchsync_job_duration_seconds_count[job=poll]": 1,
        },
    ),
    (
        {"event": "job_failed", "job": "nightly", "ms": 0},
        {
            "punchsync_jobs_total[job=nightly][outcome=failed]": 1,
            "punchsync_job_duration_seconds_count[job=nightly]": 1,
        },
    ),
    (
        {"event": "settled", "posts": 5, "reversals": 2, "ms": 0},
        {
            "punchsync_ledger_entries_total[kind=post]": 5,
            "punchsync_ledger_entries_total[kind=reversal]": 2,
            "punchsync_settle_duration_seconds_count": 1,
        },
    ),
    (
        {"event": "pushed", "entries": 9, "refused": 0, "failed": None},
        {"punchsync_delivered_entries_total": 9, "punchsync_pushes_total[outcome=done]": 1},
    ),
    ({"event": "pushed", "entries": 0, "refused": 1, "failed": "x"}, {"punchsync_pushes_total[outcome=refused]": 1}),
    ({"event": "pushed", "entries": 0, "refused": 0, "failed": "x"}, {"punchsync_pushes_total[outcome=failed]": 1}),
    ({"event": "push_failed"}, {"punchsync_pushes_total[outcome=failed]": 1}),
    ({"event": "something_else"}, {}),
]


@pytest.mark.parametrize(("event", "counted"), EVENTS, ids=lambda e: e.get("event"))
def test_an_event_is_counted_once_and_nothing_else_is(event: dict[str, Any], counted: dict[str, float]) -> None:
    made = metrics()
    before = scraped(made)
    made.note(event)
    changed = {
        n: v - before.get(n, 0) for n, v in scraped(made).items() if n.startswith("punchsync") and "le=" not in n
    }
    assert {name: change for name, change in changed.items() if change} == counted


def test_what_a_real_read_and_settle_logged_is_what_was_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    with terminal() as device:
        site = make_site(tmp_path / "site", at=device)
        with opened(site) as held, answered(held, Pulse()) as address:
            poll(held.hall, held.hall.clock.now())
            device.unplug()
            poll(held.hall, held.hall.clock.now())
            found = values(ask(address, "/metrics").body)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    good, bad = (e for e in events if e["event"] == "read")
    (settled,) = (e for e in events if e["event"] == "settled")
    assert (good["outcome"], good["new"], bad["new"], bad["bytes"]) == ("ok", 4, 0, 0)
    assert {name: found[name] for name in found if name.startswith(("punchsync_reads_total", "punchsync_read_b"))} == {
        "punchsync_reads_total[outcome=ok][terminal=T1]": 1,
        f"punchsync_reads_total[outcome={bad['outcome']}][terminal=T1]": 1,
        "punchsync_read_bytes_total[terminal=T1]": good["bytes"],
    }
    assert found["punchsync_punches_new_total[terminal=T1]"] == 4
    assert found["punchsync_ledger_entries_total[kind=post]"] == settled["posts"]
    assert found["punchsync_coverage_age_seconds[terminal=T1]"] < 3600
    assert found["punchsync_ledger_height"] == settled["posts"]


def test_no_name_and_no_key_is_in_what_is_scraped(tmp_path: Path) -> None:
    with opened(make_site(tmp_path / "site")) as held, answered(held, Pulse()) as address:
        said = "".join(ask(address, path).body for path in ("/metrics", "/readyz", "/healthz"))
    assert [name for name in (*NAMES, "A1", "1001") if name in said] == []


def test_the_newer_form_is_given_to_whoever_asks_for_it() -> None:
    body, kind = metrics().exposition("application/openmetrics-text; version=1.0.0")
    assert kind.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")


def exposed() -> set[str]:
    """Every name that can be asked for."""
    return {name.partition("[")[0] for name in scraped(metrics())}


def named(text: str) -> set[str]:
    return set(re.findall(r"\b(?:punchsync|process)_[a-z0-9_]+", text))


def test_every_metric_of_an_alert_rule_exists_and_every_alert_says_what_to_do() -> None:
    (group,) = yaml.safe_load((MONITORING / "punchsync.rules.yml").read_text(encoding="utf-8"))["groups"]
    rules = group["rules"]
    assert named(" ".join(rule["expr"] for rule in rules)) - exposed() == set()
    assert len({rule["alert"] for rule in rules}) == len(rules) > 15
    assert all(rule["labels"]["severity"] in ("info", "warning", "critical") for rule in rules)
    assert all(set(rule["annotations"]) == {"summary", "description"} for rule in rules)


def test_every_metric_of_the_dashboard_exists_and_every_one_of_ours_is_shown_somewhere() -> None:
    board = json.loads((MONITORING / "grafana-dashboard.json").read_text(encoding="utf-8"))
    shown = named(" ".join(t["expr"] for panel in board["panels"] for t in panel.get("targets", ())))
    assert shown - exposed() == set()
    every = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed() if name.startswith("punchsync")}
    assert every - {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown} == set()


def test_the_page_on_monitoring_names_every_metric() -> None:
    page = (MONITORING / "README.md").read_text(encoding="utf-8")
    every = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed() if name.startswith("punchsync")}
    assert every - named(page) == set()
