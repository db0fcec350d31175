"""Requests to make up one punch: filed within a cap, decided once and by somebody else, and carried out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from types import SimpleNamespace

from deskkit import Browser, account, text_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from punchsync.bootstrap.bringing import context_of
from punchsync.core.judge import Verdict
from punchsync.core.moment import day_of, parse_moment, show_moment
from punchsync.intake.parse import parse_row
from punchsync.operations.desk_records import REQUEST
from punchsync.operations.requests import NotSo, file, grant, refuse, withdraw

AT = ("2026-11-12 14:30:00", "2026-11-12 17:30:00")
ASKED = {"person": "1003", "at": AT[0], "reason": "手指受伤，打不上卡"}


def ask_for(browser: Browser, **change: str) -> str:
    answer = browser.post("/requests/new", {**ASKED, **change})
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"].rpartition("/")[2]


def stored(browser: Browser, kind: str) -> list[dict[str, str]]:
    with browser.site.store.reading() as work:
        return list(work.records.all(kind).values())


def points(browser: Browser, person: str) -> float:
    with browser.site.store.reading() as work:
        return float(sum(e.points for e in work.ledger.of_account("person", person, 1, 800_000)))


def test_a_request_that_is_granted_becomes_a_paper_sign_in_and_the_ledger_follows(browser):
    browser.desk.settings = browser.desk.settings.model_copy(update={"make_ups": 2})
    before = points(browser, "1003")
    browser.as_role("staff")
    page = text_of(browser.get("/requests/new"))
    assert "2026-11-12 周四 上班 14:30 缺卡 2 次 2026-11-12 周四 下班 17:30 缺卡 2 次" in page
    ids = [ask_for(browser, at=at) for at in AT]
    assert all(id.startswith("BK20261120-") for id in ids)
    boss = browser.other().as_role("inspector")
    for id in ids:
        assert "手指受伤" in boss.get(f"/requests/{id}").text
        answer = boss.post(f"/requests/{id}/decide", {"decision": "grant", "note": "监控属实"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/requests")
    papers = stored(browser, "paper")
    assert papers == [
        {"person_id": "1003", "at": at, "sheet": id, "approved_by": "督查乙", "withdrawn": ""}
        for id, at in zip(ids, AT, strict=True)
    ]
    for paper in papers:  # what is stored is what an import would have stored
        parsed = parse_row("paper", paper, context_of(browser.site.hall))
        assert (parsed.problems, parsed.rows) == ([], [(f"1003\t{paper['at']}", paper)])
    browser.settle()
    assert points(browser, "1003") > before
    assert text_of(browser.get(f"/requests/{ids[0]}")).count("已批准") == 1
    assert "最近 62 天没有可以补的缺卡" in browser.get("/requests/new").text


def test_the_cap_is_of_the_month_of_the_checkpoint_and_counts_what_is_open_or_granted(browser):
    browser.as_role("staff")
    id = ask_for(browser)
    answer = browser.post("/requests/new", {**ASKED, "at": AT[1]})
    assert (answer.status_code, "2026-11 的补卡申请已满 1 次" in answer.text) == (422, True)
    assert "已经申请过" in browser.post("/requests/new", ASKED).text
    assert browser.post(f"/requests/{id}/withdraw").status_code == 303
    assert "不能再改" in browser.post(f"/requests/{id}/withdraw").text
    second = ask_for(browser, at=AT[1])
    boss = browser.other().as_role("leader")
    refused = boss.post(f"/requests/{second}/decide", {"decision": "refuse", "note": ""})
    assert (refused.status_code, "不批准的要写理由" in refused.text) == (422, True)
    assert boss.post(f"/requests/{second}/decide", {"decision": "refuse", "note": "人不在"}).status_code == 303
    assert "不能再改" in boss.post(f"/requests/{second}/decide", {"decision": "grant"}).text
    assert {r["state"] for r in stored(browser, REQUEST)} == {"withdrawn", "refused"}
    assert (stored(browser, "paper"), "人不在" in browser.get(f"/requests/{second}").text) == ([], True)
    browser.desk.settings = browser.desk.settings.model_copy(update={"make_ups": 0})
    assert "没有开放单次补卡" in browser.post("/requests/new", ASKED).text


def test_what_is_not_missing_can_not_be_made_up(browser):
    browser.as_role("clerk")
    for change, said in (
        ({"at": "2026-11-11 08:30:00"}, "没有缺卡可补"),
        ({"at": "2026-11-12 14:30:01"}, "没有缺卡可补"),
        ({"at": "9999-12-31 14:30:00"}, "没有缺卡可补"),
        ({"at": "昨天"}, "请选要补的是哪一次"),
        ({"at": ""}, "请选要补的是哪一次"),
        ({"reason": " "}, "写明为什么没有打上卡"),
        ({"reason": "长" * 301}, "写明为什么没有打上卡"),
    ):
        answer = browser.post("/requests/new", {**ASKED, **change})
        assert (answer.status_code, said in answer.text) == (422, True), change
    assert stored(browser, REQUEST) == []


def test_nobody_decides_on_his_own_or_on_what_he_filed(browser):
    with browser.site.store.writing() as work:
        work.accounts.put(work.accounts.of("inspector")._replace(person="1003"))
    staff = browser.other().as_role("staff")
    id = ask_for(staff)
    browser.as_role("inspector")
    assert 'name="decision"' not in browser.get(f"/requests/{id}").text
    answer = browser.post(f"/requests/{id}/decide", {"decision": "grant"})
    assert (answer.status_code, "不能批自己的申请" in answer.text) == (422, True)
    assert staff.post(f"/requests/{id}/withdraw").status_code == 303
    leader = browser.other().as_role("leader")
    filed = ask_for(leader)
    answer = leader.post(f"/requests/{filed}/decide", {"decision": "grant"})
    assert (answer.status_code, "不能自己批" in answer.text) == (422, True)
    for role in ("clerk", "window_lead", "unit", "staff"):
        other = browser.other().as_role(role)
        assert other.post(f"/requests/{filed}/decide", {"decision": "grant"}).status_code == 403, role
    assert stored(browser, "paper") == []


def test_out_of_reach_a_request_is_not_there(browser):
    clerk = browser.other().as_role("clerk")
    id = ask_for(clerk)
    with browser.site.store.writing() as work:
        work.accounts.put(account("other", "staff", "乙一", "1004"))
    browser.login("other")
    assert id not in browser.get("/requests?show=all").text
    for path in (f"/requests/{id}", "/requests/new?person=1003", "/requests/BK20260101-AAAAA"):
        assert browser.get(path).status_code == 404, path
    assert browser.post("/requests/new", ASKED).status_code == 404
    assert browser.post(f"/requests/{id}/withdraw").status_code == 404
    assert clerk.other().as_role("admin").get("/requests").status_code == 403
    lead = browser.other().as_role("window_lead")
    assert lead.get(f"/requests/{id}").status_code == 200
    assert lead.post(f"/requests/{id}/withdraw").status_code == 422


def test_hostile_words_are_shown_as_words(browser):
    browser.as_role("staff")
    id = ask_for(browser, reason="<script>alert(1)</script> =1+1")
    boss = browser.other().as_role("inspector")
    for path in ("/requests", "/requests?show=all", f"/requests/{id}", "/tasks"):
        page = boss.get(path).text
        assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True), path


def test_of_many_at_once_one_is_filed_and_one_decision_is_taken(browser):
    hall = browser.site.hall
    ids = iter(f"BK{n}" for n in range(99))

    def filed(n: int) -> str:
        try:
            return file(hall, 1, "1003", parse_moment(AT[n % 2]), "x", "甲", lambda: next(ids))
        except NotSo as why:
            return why.code

    def decided(n: int) -> str:
        try:
            (grant if n % 2 else refuse)(hall, done[0], (f"决定人{n}",), "x")
        except NotSo as why:
            return why.code
        return "done"

    with ThreadPoolExecutor(6) as pool:
        out = list(pool.map(filed, range(6)))
        done = [id for id in out if id.startswith("BK")]
        assert (len(done), {*out} - {*done} <= {"cap", "twice"}) == (1, True)
        assert sorted(pool.map(decided, range(6))) == ["decided"] * 5 + ["done"]
    [row] = stored(browser, REQUEST)
    assert len(stored(browser, "paper")) == (row["state"] == "granted")


class Life(RuleBasedStateMachine):
    """Requests of two people in two months under a cap, over records in memory."""

    MOMENTS = tuple(parse_moment(f"2026-{m}-{d} 08:30:00") for m in ("10", "11") for d in ("08", "09", "12"))
    CAP = 2

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, dict[str, dict[str, str]]] = {REQUEST: {}, "paper": {}, "staff": {}}
        self.marks = 0
        self.seen: dict[str, list[str]] = {}
        self.ids = 0
        self.hall = SimpleNamespace(store=self, clock=SimpleNamespace(now=lambda: self.MOMENTS[-1] + 999))
        self.records = SimpleNamespace(all=lambda kind: dict(self.kept[kind]), put=self._put)
        self.checkpoints = SimpleNamespace(horizon=lambda: day_of(self.MOMENTS[0]))
        self.months = SimpleNamespace(verdicts_of=self._verdicts, mark=self._mark)

    @contextmanager
    def writing(self):
        yield self

    def _put(self, kind, rows, at):
        self.kept[kind].update(rows)

    def _mark(self, month):
        self.marks += 1

    def _verdicts(self, people, days):
        signed = {(p["person_id"], p["at"]) for p in self.kept["paper"].values()}
        return [
            Verdict(day_of(at), people[0], 1, "in", at, None, "", "missing", 0, "missing")
            for at in self.MOMENTS
            if day_of(at) in days and (people[0], show_moment(at)) not in signed
        ]

    def _id(self) -> str:
        self.ids += 1
        return f"R{self.ids}"

    @rule(person=st.sampled_from(["p", "q"]), at=st.sampled_from(MOMENTS), by=st.sampled_from(["p", "clerk"]))
    def ask(self, person, at, by):
        with suppress(NotSo):
            self.seen[file(self.hall, self.CAP, person, at, "why", by, self._id)] = ["open"]

    @rule(n=st.integers(1, 12), act=st.sampled_from([grant, refuse]), by=st.sampled_from(["p", "q", "clerk", "boss"]))
    def decide(self, n, act, by):
        try:
            act(self.hall, f"R{n}", (by, ""), "note")
        except NotSo:
            return
        self.seen[f"R{n}"].append(by)

    @rule(n=st.integers(1, 12), by=st.sampled_from(["p", "q", "clerk"]))
    def take_back(self, n, by):
        try:
            withdraw(self.hall, f"R{n}", by, by)
        except NotSo:
            return
        self.seen[f"R{n}"].append(by)

    @invariant()
    def holds(self):
        rows = self.kept[REQUEST]
        counted = [r for r in rows.values() if r["state"] in ("open", "granted")]
        months = [(r["person_id"], r["at"][:7]) for r in counted]
        assert all(months.count(m) <= self.CAP for m in months)
        assert len({(r["person_id"], r["at"]) for r in counted}) == len(counted)
        assert not any(r["at"].startswith("2026-10-08") for r in rows.values())
        assert all(len(told) <= 2 for told in self.seen.values())
        decided = [r for r in rows.values() if r["state"] in ("granted", "refused")]
        assert not any(r["decided_by"] in (r["person_id"], r["filed_by"]) for r in decided)
        granted = {f"{r['person_id']}\t{r['at']}" for r in rows.values() if r["state"] == "granted"}
        assert self.kept["paper"].keys() == granted
        assert self.marks == len(granted)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
