"""Interpretations and answers, put where a pack refers to them; what is wrong there is told of the hall's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from punchsync.problems import Complaint
from punchsync.texts import _

ANSWER = "answer."


def choose(
    tree: Mapping[str, Any], name: str, interpretations: Mapping[str, str], answers: Mapping[str, str]
) -> tuple[list[Complaint], dict[str, str]]:
    """The values of a pack's interpretations and answers, by the names that `$name` refers to."""
    complaints: list[Complaint] = []
    values: dict[str, str] = {}
    for part in declared(tree, "interpretation"):
        values[part["id"]] = str(interpretations.get(part["id"], part.get("value", "")))
    for id in interpretations:
        if id not in values:
            complaints.append(
                Complaint(
                    "punchsync.toml",
                    f"hall.interpretations.{id}",
                    _("规则包 {pack} 没有这一条解释").format(pack=name),
                    "、".join(values),
                    _("punchsync rules show 列出全部解释"),
                )
            )
    for part in declared(tree, "answer"):
        if part["id"] in answers:
            values[ANSWER + part["id"]] = str(answers[part["id"]])
        else:
            key, says = f"hall.answers.{part['id']}", str(part.get("says", ""))
            complaints.append(Complaint("punchsync.toml", key, _("没有填写"), says, _("原文缺此项，须由本大厅答复")))
            values[ANSWER + part["id"]] = "0"
    return complaints, values


def declared(tree: Mapping[str, Any], table: str) -> list[dict[str, Any]]:
    """The entries of a table of a pack that have an id, whatever else is wrong with it."""
    parts = tree.get(table)
    return [p for p in parts if isinstance(p, dict) and isinstance(p.get("id"), str)] if isinstance(parts, list) else []


def referred(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every `$name` of a pack or a part of one, with its key."""
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from referred(inner, f"{at}.{name}".lstrip("."))
    elif isinstance(node, list):
        for n, inner in enumerate(node, 1):
            yield from referred(inner, f"{at}.{n}")
    elif isinstance(node, str) and node.startswith("$"):
        yield at, node[1:]


class Filling:
    """Puts the values of interpretations and answers where a pack refers to them, and remembers where."""

    def __init__(self, values: Mapping[str, str], given: Set[str], name: str, complaints: list[Complaint]) -> None:
        self._values, self._given, self._name, self._complaints = values, given, name, complaints
        self._places: dict[str, str] = {}

    def fill(self, node: Any, place: str) -> Any:
        """A node of the tree with every `$name` replaced by the value it refers to."""
        if isinstance(node, dict):
            return {k: self.fill(v, f"{place}.{k}".lstrip(".")) for k, v in node.items()}
        if isinstance(node, list):
            return [self.fill(v, f"{place}.{n}") for n, v in enumerate(node, 1)]
        if isinstance(node, str) and node.startswith("$"):
            if node[1:] in self._values:
                self._places[place] = node[1:]
                return self._values[node[1:]]
            found = _("引用了不存在的 {ref}").format(ref=node)
            self._complaints.append(Complaint(self._name, place, found, "、".join(self._values)))
        return node

    def idle(self) -> Iterator[Complaint]:
        """The hall's own readings that no rule refers to: writing them changes nothing, so they are refused."""
        used = set(self._places.values())
        for given in sorted(self._given - used):
            if not given.startswith(ANSWER) and given in self._values:
                key = f"hall.interpretations.{given}"
                allowed = "、".join(sorted(v for v in used if not v.startswith(ANSWER)))
                yield Complaint("punchsync.toml", key, _("规则包没有一处用到它，写了不起作用"), allowed)

    def blame(self, complaint: Complaint) -> Complaint:
        """A complaint about a place that the hall filled, told of the hall's interpretation or answer."""
        source = self._places.get(complaint.key)
        if source is None or source not in self._given:
            return complaint
        table = "answers" if source.startswith(ANSWER) else "interpretations"
        key = f"hall.{table}.{source.removeprefix(ANSWER)}"
        return replace(complaint, file="punchsync.toml", key=key)
