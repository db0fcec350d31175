"""The demonstration asks what a stricter rule would have cost, with a pack of the hall's own; nothing is booked."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from punchsync.cli.demo_hall import PACK
from punchsync.cli.demo_stage import Stage
from punchsync.cli.demo_tell import NAMES, Teller
from punchsync.core.moment import show_day
from punchsync.core.points import number
from punchsync.operations.what_if import WhatIf, what_if
from punchsync.packs.load import load_other
from punchsync.texts import _
from punchsync.words import account, kind

TRIAL = "packs/trial.toml"
TEXT = f"""# 试算用：在 {PACK} 的基础上，只改一条。
id = "trial"
name = "示范县政务服务中心（试算）"
extends = "{PACK}"

[[punctuality]]
id = "punctuality"
says = "迟到、早退满 5 分钟起算；没有打卡算旷工"
late_seconds = 300
early_seconds = 300
missing = "$yihuang.missing"
cites = ["kaoqin 1"]
"""
SHOWN = 6


def ask_what_if(tell: Teller, stage: Stage) -> None:
    """Judge the played days by ten minutes and by five, and show who would lose what."""
    path = stage.site.folder / TRIAL
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT, encoding="utf-8")
    first, last = stage.done[0].day, stage.done[-1].day
    before = len(stage.rows("ledger"))
    found = what_if(stage.site.hall, load_other(path, {}, {}).pack, stage.site.clock.now(), first, last)
    booked = len(stage.rows("ledger")) - before
    tell.step(
        _("试算：界限从 10 分钟收紧到 5 分钟"),
        _("中心想改规则，先问会怎样。{file} 以 {pack} 为基础，只改一条。").format(file=TRIAL, pack=PACK),
        f"punchsync whatif --pack {TRIAL} --from {show_day(first)} --to {show_day(last)}",
        _("同一批打卡，用同一个判定程序按两套规则各判一遍；只比较，记账 {n} 笔。").format(n=booked),
    )
    tell.show([_("违规"), _("现"), _("改后")], kinds(found))
    tell.show([_("账户"), _("名称"), _("现"), _("改后")], accounts(found))


def kinds(found: WhatIf) -> list[list[str]]:
    """Violations by kind under either pack, where they differ."""
    now: dict[str, int] = defaultdict(int)
    then: dict[str, int] = defaultdict(int)
    for s in found.violations:
        now[s.kind] += s.now
        then[s.kind] += s.then
    return [[kind(k), str(now[k]), str(then[k])] for k in sorted(now)]


def accounts(found: WhatIf) -> list[list[str]]:
    """The accounts that would lose or gain most, on the articles that differ."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for c in found.points:
        sums[c.account_type, c.account_id][0] += c.now
        sums[c.account_type, c.account_id][1] += c.then
    most = sorted(sums.items(), key=lambda item: (-abs(item[1][1] - item[1][0]), item[0]))
    return [[account(type), NAMES.get(id, id), number(now), number(then)] for (type, id), (now, then) in most[:SHOWN]]
