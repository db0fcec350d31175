"""The rules as a regulation: every citation leads to its article; readings of the hall's own are marked."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from deskkit import ROLES, Browser, desk_of, text_of

from punchsync.desk.rules.cited import cited, rule_link
from punchsync.operations.export import export
from punchsync.operations.settle import settle
from punchsync.packs.load import load_unanswered
from punchsync.packs.shelf import shipped


def test_everybody_reads_the_rules(browser: Browser) -> None:
    for n, role in enumerate(ROLES):
        answer = browser.other(f"10.0.1.{n}").as_role(role).get("/rules")
        assert (role, answer.status_code, "宜黄县行政服务中心" in answer.text) == (role, 200, True)


def test_every_citation_of_ledger_and_violations_leads_to_an_article(browser: Browser) -> None:
    places = set(re.findall(r' id="([^"]+)"', browser.as_role("staff").get("/rules").text))
    articles = {row[-1] for row in [r[:10] for r in export(browser.site.hall, "violations").rows]}
    articles |= {row[10] for row in export(browser.site.hall, "ledger").rows}
    assert articles
    links = [one.address for article in articles for one in cited(article)]
    assert {unquote(link.partition("#")[2]) for link in links} <= places


@pytest.mark.parametrize("id", sorted(shipped()))
def test_a_pack_s_own_citations_all_lead_to_its_articles(id: str) -> None:
    from punchsync.desk.rules.cited import anchor
    from punchsync.packs.booklet import booklet, references

    loaded = load_unanswered(shipped()[id])
    made = booklet(loaded.file, loaded.pack, references(loaded.tree))
    places = [anchor(f"{chapter.short} {article.number}") for chapter in made.chapters for article in chapter.articles]
    assert len(places) == len(set(places))
    for item in loaded.pack.items:
        for one in cited(loaded.pack.cite(item.cites)):
            assert unquote(one.address.partition("#")[2]) in places


def test_no_article_no_link_and_markup_is_quoted() -> None:
    assert rule_link("") == ""
    assert rule_link("考评办法 (三)1; 先进个人 三3") == rule_link("考评办法 (三)1")
    assert "<" not in rule_link('<script> "x"')
    assert [one.text for one in cited("甲 一; 乙 二")] == ["甲 一", "乙 二"]


def test_the_hall_s_own_readings_are_marked_and_earlier_rules_stay_readable(site_folder: Path) -> None:
    settings = site_folder / "punchsync.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[desk]", '[hall.interpretations]\n"yihuang.short_piece" = "20"\n[desk]'), encoding="utf-8"
    )
    with desk_of(site_folder) as browser:
        settle(browser.site.hall, browser.clock.now())
        browser.as_role("clerk")
        page = browser.get("/rules")
        assert "yihuang.short_piece 20 本大厅改写 规则包原值 10" in text_of(page)
        kept = re.findall(r"/rules/packs/([0-9a-f]{64})", page.text)
        assert len(kept) == 2
        old = [browser.get(f"/rules/packs/{d}") for d in kept if d != browser.site.hall.pack.digest]
        assert [a.status_code for a in old] == [200]
        assert "本大厅改写" not in text_of(old[0])
        assert "照原样保存" in text_of(old[0])
        assert browser.get("/rules/packs/none").status_code == 404
