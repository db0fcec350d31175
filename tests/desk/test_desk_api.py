"""The interface for programs: exports as the command gives them, imports all or nothing, states, refusals in words."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from apikit import Program, program
from deskkit import STAFF_HEAD, Browser, desk_of
from limits import RateLimitItemPerMinute
from openapi_spec_validator import validate

from punchsync.access import FOLDER, read
from punchsync.core.moment import parse_day, parse_moment
from punchsync.desk.access.tokens import SCOPES
from punchsync.desk.api import door
from punchsync.operations.export import COLUMNS, export, stretches
from punchsync.publish.sheet import to_csv, to_json

OUTING = (
    "outing_id,person_id,start,end,registered_at,reason\nW1,1006,2026-11-18 09:00,2026-11-18 10:00,2026-11-18 08:00,x\n"
)
RULING = (
    "ruling_id,person_id,window,date,session,kind,effect,as_kind,document,decided_by,decided_at\n"
    "R1,1003,,2026-11-04,1,late,excuse,,文1,主任丙,2026-11-20 09:00\n"
)
PROBLEM = "application/problem+json"


def lines(browser: Browser) -> list[tuple[str, str, str, dict[str, Any], int]]:
    found = read(browser.site.folder / FOLDER).lines
    return [(a.who, a.by, a.what, dict(a.about), a.status) for a in found if a.what.startswith("api ")]


def outings(browser: Browser) -> set[str]:
    with browser.site.store.reading() as work:
        return set(work.records.all("outing"))


@pytest.mark.parametrize("kind", COLUMNS)
def test_an_export_is_exactly_what_the_command_gives(browser: Browser, kind: str) -> None:
    calls = program(browser)
    for query in ({}, {"from": "2026-11-04", "to": "2026-11-05"}, {"from": "2026-11-19"}, {"to": "0001-01-01"}):
        days = [parse_day(query[name]) if name in query else None for name in ("from", "to")]
        table = export(browser.site.hall, kind, *days)
        as_csv = calls.get(f"/exports/{kind}", format="csv", **query)
        as_json = calls.get(f"/exports/{kind}", **query)
        assert as_csv.content == to_csv(kind, table.columns, table.rows)
        assert as_json.content == to_json(kind, table.columns, table.rows)
        assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
        assert as_json.headers["content-type"] == "application/json"


def test_an_export_made_stretch_by_stretch_is_sorted_as_a_whole(browser: Browser) -> None:
    staff = f"{STAFF_HEAD}\n1011,己一,县民政局,民政,staff,11,,2026-09-01,\n"
    assert program(browser).post("/imports/staff", staff.encode()).status_code == 200
    browser.settle()
    for kind in ("verdicts", "violations", "punches"):
        parts = list(stretches(browser.site.hall, kind))
        assert len(parts) == 4, kind
        assert [row for part in parts for row in part] == export(browser.site.hall, kind).rows


@pytest.mark.parametrize(
    "query", [{"from": "20261104"}, {"from": "2026-13-01"}, {"to": "x"}, {"format": "xlsx"}, {"from": "1700000000"}]
)
def test_a_parameter_that_is_none_is_refused_by_name(browser: Browser, query: dict[str, str]) -> None:
    answer = program(browser).get("/exports/ledger", **query)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    [problem] = answer.json()["problems"]
    [(name, value)] = query.items()
    assert (problem["where"], problem["found"]) == (f"query {name}", value)


def test_an_import_is_taken_in_and_settled(browser: Browser) -> None:
    called: list[int] = []
    browser.desk.settle = lambda: called.append(1)
    calls = program(browser)
    answer = calls.post("/imports/outing", OUTING.encode())
    assert answer.json() == {
        "kind": "outing", "rows": 1, "changed": 1, "dry_run": False, "left_out": 0, "unknown_ids": [],
    }  # fmt: skip
    assert outings(browser) == {"W1"}
    assert calls.post("/imports/outing", OUTING.encode()).json()["changed"] == 0
    assert called == [1]


def test_a_dry_run_writes_nothing(browser: Browser) -> None:
    answer = program(browser).post("/imports/outing", OUTING.encode(), dry_run="true")
    assert (answer.json()["changed"], answer.json()["dry_run"], outings(browser)) == (1, True, set())
    assert program(browser).post("/imports/outing", OUTING.encode(), dry_run="yes").status_code == 422


def test_an_import_with_problems_takes_nothing_and_tells_each_with_its_place(browser: Browser) -> None:
    bad = OUTING + "W2,9999,2026-11-18 09:00,2026-11-18 08:00,2026-11-18 08:00,x\n"
    answer = program(browser).post("/imports/outing", bad.encode())
    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (422, PROBLEM, "file")
    problems = answer.json()["problems"]
    assert {(p["row"], p["column"]) for p in problems} == {(3, "person_id"), (3, "end")}
    assert all(p["found"] and p["allowed"] for p in problems)
    assert outings(browser) == set()


def test_a_workbook_and_a_terminal_s_file_are_taken_as_they_are(browser: Browser) -> None:
    from io import BytesIO

    from openpyxl import Workbook

    book, out = Workbook(), BytesIO()
    for row in OUTING.splitlines():
        book.active.append(row.split(","))
    book.save(out)
    calls = program(browser)
    assert calls.post("/imports/outing", out.getvalue(), "application/octet-stream").json()["changed"] == 1
    punch = b"        1\t2026-11-20 09:59:30\t1\t0\t0\t0\n       77\t2026-11-20 09:59:40\t1\t0\t0\t0\n"
    answer = calls.post("/imports/punches", punch, terminal="T1", through="2026-11-20 10:00:00")
    assert answer.json()["changed"] == 2
    assert answer.json()["unknown_ids"] == [{"terminal": "T1", "device_user_id": "77"}]
    for query in ({}, {"terminal": "T9"}, {"terminal": "T1", "through": "2026-11-20"}):
        assert calls.post("/imports/punches", punch, **query).status_code == 422


def test_a_kind_that_the_role_may_not_write_is_refused(browser: Browser) -> None:
    clerk, inspector = program(browser), program(browser, "inspector")
    answer = clerk.post("/imports/ruling", RULING.encode())
    assert (answer.status_code, answer.json()["code"], answer.json()["needed"]) == (403, "role", "review.decide")
    assert inspector.post("/imports/ruling", RULING.encode()).status_code == 200
    assert inspector.post("/imports/outing", OUTING.encode()).status_code == 403
    assert outings(browser) == set()


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("exports:read", "/exports/ledger"),
        ("exports:read", "/periods"),
        ("terminals:read", "/health"),
        ("terminals:read", "/terminals"),
        ("imports:write", "/imports/outing"),
    ],
)
def test_each_scope_opens_what_is_its_own(browser: Browser, scope: str, path: str) -> None:
    def ask(calls: Program) -> Any:
        return calls.post(path, OUTING.encode()) if path.startswith("/imports") else calls.get(path)

    assert ask(program(browser, scopes=(scope,))).status_code == 200
    answer = ask(program(browser, scopes=tuple(s for s in SCOPES if s != scope)))
    assert (answer.status_code, answer.json()["code"], answer.json()["needed"]) == (403, "scope", scope)
    assert f'scope="{scope}"' in answer.headers["www-authenticate"]


def test_a_call_without_a_good_token_is_told_so_and_changes_nothing(browser: Browser) -> None:
    good = program(browser)
    for token, code in (("", "no_token"), ("ps_x", "unknown_token"), ("x" * 5000, "unknown_token")):
        bad = Program(browser, token)
        for answer in (bad.get("/version"), bad.get("/openapi.json"), bad.post("/imports/outing", OUTING.encode())):
            assert (answer.status_code, answer.json()["code"]) == (401, code)
            assert answer.headers["www-authenticate"].startswith("Bearer")
    for odd in ("Basic eDp5", "Bearer", f"Token {good.headers['authorization'][7:]}"):
        assert browser.client.get("/api/v1/version", headers={"authorization": odd}).status_code == 401
    assert outings(browser) == set()
    assert lines(browser) == []


def test_every_call_leaves_a_line_with_account_and_token(browser: Browser) -> None:
    calls = program(browser)
    calls.get("/exports/ledger", **{"from": "2026-11-01"})
    calls.post("/imports/outing", b"nonsense")
    program(browser, scopes=()).get("/terminals")
    program(browser, revoked_at=1).get("/version")
    here = {"from": "10.0.0.7"}
    assert lines(browser) == [
        ("clerk", "token 1", "api GET /exports/{kind}", {"kind": "ledger", "first": "2026-11-01", **here}, 200),
        ("clerk", "token 1", "api POST /imports/{kind}", {"kind": "outing", **here}, 422),
        ("clerk", "token 2", "api GET /terminals", here, 403),
        ("clerk", "token 3", "api GET /version", here, 401),
    ]


def test_a_token_may_ask_only_so_often(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "API", RateLimitItemPerMinute(3))
    calls = program(browser)
    found = [calls.get("/version") for _n in range(4)]
    assert [a.status_code for a in found] == [200, 200, 200, 429]
    assert 1 <= int(found[-1].headers["retry-after"]) <= 60
    assert found[-1].json()["code"] == "too_many"
    assert program(browser).get("/version").status_code == 200


def test_terminals_periods_version_and_health_are_told(browser: Browser) -> None:
    calls = program(browser)
    answer = calls.get("/terminals").json()
    assert answer["as_of"] == "2026-11-20 10:00:00"
    assert [(t["terminal"], t["through"], t["state"]) for t in answer["terminals"]] == [
        ("T1", "2026-11-20 09:59:00", "file_only"), ("T2", "2026-11-20 09:00:00", "file_only"),
    ]  # fmt: skip
    months = calls.get("/periods").json()["periods"]
    assert months == [{"month": "2026-11", "state": "open", "settled_as_of": "2026-11-20 10:00:00", "closed_at": None}]
    version = calls.get("/version").json()
    assert (version["hall"], version["pack"], version["now"]) == ("demo", "yihuang", "2026-11-20 10:00:00")
    assert calls.get("/health").json() == {"status": "ok", "checks": []}


def test_an_address_or_method_that_there_is_not_is_told_as_a_problem(browser: Browser) -> None:
    calls = program(browser)
    answer = calls.get("/nothing")
    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (404, PROBLEM, "not_found")
    answer = calls.post("/version", b"")
    assert (answer.status_code, answer.headers["allow"], answer.json()["code"]) == (405, "GET", "method")
    assert browser.get("/api/v2/version").status_code == 404


def test_the_schema_is_a_good_one_and_tells_every_route_its_scope(browser: Browser) -> None:
    schema = program(browser, scopes=()).get("/openapi.json").json()
    validate(schema)
    scopes = {f"{m} {p}": way["x-scope"] for p, ways in schema["paths"].items() for m, way in ways.items()}
    assert scopes == {
        "get /exports/{kind}": "exports:read",
        "post /imports/{kind}": "imports:write",
        "get /terminals": "terminals:read",
        "get /health": "terminals:read",
        "get /periods": "exports:read",
        "get /version": "",
        "get /openapi.json": "",
    }
    text = json.dumps(schema)
    assert "http://" not in text
    assert "cdn" not in text


def test_a_body_that_is_too_large_is_refused(browser: Browser) -> None:
    calls = program(browser)
    most = browser.desk.settings.upload * 2**20
    assert calls.post("/imports/outing", b"x" * (most + 1)).status_code == 413
    assert calls.post("/imports/outing", OUTING.encode() + b" " * 2**21).status_code == 422


def test_answers_are_kept_by_nobody_and_no_other_site_reads_them(browser: Browser) -> None:
    headers = program(browser).get("/version").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_a_token_that_is_revoked_while_its_export_is_made_gives_it_to_the_end(browser: Browser) -> None:
    calls = program(browser)
    with browser.client.stream("GET", "/api/v1/exports/verdicts", headers=calls.headers) as answer:
        with browser.site.store.writing() as work:
            work.tokens.revoke(1, parse_moment("2026-11-20 10:00:00"))
        assert len(json.loads(answer.read())["verdicts"]) == 600
    assert calls.get("/version").status_code == 401


def test_the_calls_of_the_handbook_work_as_they_stand(browser: Browser, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/handbook/24-api.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl on this machine")
    (tmp_path / "waichu.csv").write_text(OUTING, encoding="utf-8")
    (tmp_path / "1_attlog.dat").write_text("        1\t2026-11-20 09:59:30\t1\t0\t0\t0\n", encoding="utf-8")
    token = program(browser).headers["authorization"].removeprefix("Bearer ")
    where = {"KAOQIN": browser.url, "TOKEN": token}
    said = []
    for line in block.splitlines():
        words = [re.sub(r"\$(\w+)", lambda m: where[m[1]], word) for word in shlex.split(line)]
        ran = subprocess.run([curl, *words[1:]], cwd=tmp_path, env={}, capture_output=True, timeout=30, check=False)
        assert ran.returncode == 0, (line, ran.stderr)
        said.append(ran.stdout)
    assert len(said) == 7
    assert (tmp_path / "verdicts.csv").read_text(encoding="utf-8").startswith("date,person_id,")
    assert outings(browser) == {"W1"}


def test_the_interface_needs_no_page_to_have_been_asked_for(site_folder: Any) -> None:
    with desk_of(site_folder) as browser:
        assert browser.get("/api/v1/version").status_code == 401
