"""What does not keep a pack from judging but deserves a look: gaps between versions, what nothing refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from punchsync.packs import schema
from punchsync.packs.fill import referred
from punchsync.packs.lint import begins, ends, gap
from punchsync.problems import Complaint
from punchsync.texts import _

CASES = 12


def doubts(file: schema.PackFile, tree: Mapping[str, Any], name: str) -> list[Complaint]:
    """All that is doubtful in a pack that loads; `tree` is its text as parsed, references still in it."""
    return [*gaps(file, name), *uncited(file, name), *unused(file, tree, name), *few_cases(file, name)]


def gaps(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Days between two versions of a rule on which neither is in force."""
    for table in schema.RULES:
        versions: dict[str, list[schema.RulePart]] = defaultdict(list)
        for part in getattr(file, table):
            versions[part.id].append(part)
        for id, parts in versions.items():
            for before, after in pairwise(sorted(parts, key=begins)):
                if gap(before, after):
                    yield Complaint(
                        name,
                        f"{table}.{id}",
                        _("{last} 之后到 {first} 之前没有一条有效").format(last=ends(before), first=begins(after)),
                        _("新旧两条相接"),
                        _("确实停用的，写一条不扣分的，注明停用依据"),
                    )


def uncited(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Documents that no rule cites."""
    cited = {text.partition(" ")[0] for _table, _n, part in file.rules() for text in part.cites}
    for document in file.document:
        if document.id not in cited:
            yield Complaint(name, f"document.{document.id}", _("没有一条引用它"), _("引用它，或删去"))


def unused(file: schema.PackFile, tree: Mapping[str, Any], name: str) -> Iterator[Complaint]:
    """Answers that nothing refers to."""
    used = {name for _key, name in referred(tree)}
    for answer in file.answer:
        if f"answer.{answer.id}" not in used:
            remedy = _("用 $answer.{id} 引用").format(id=answer.id)
            yield Complaint(name, f"answer.{answer.id}", _("没有一处用到它"), remedy)


def few_cases(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """A pack proves itself by its cases."""
    if len(file.case) < CASES:
        found = _("只有 {n} 例").format(n=len(file.case))
        yield Complaint(name, "case", found, _("至少 {n} 例，每个界限前一秒、正好、后一秒、缺卡各一例").format(n=CASES))
