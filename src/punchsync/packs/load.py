"""From a pack's TOML to the rules as the judge asks them, or every complaint about it at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from punchsync.core import rules
from punchsync.core.moment import MINUTE, to_day
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.packs import schema
from punchsync.packs.lint import lint
from punchsync.problems import Complaint, Refused, from_pydantic
from punchsync.texts import _

ANSWER = "answer."


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pack ready to judge by, its file as validated, and the text kept under its digest."""

    pack: rules.Pack
    file: schema.PackFile
    text: str


def shipped() -> dict[str, Path]:
    """The packs that come with the product, by id."""
    inside = Path(__file__).with_name("shipped")
    folder = inside if inside.is_dir() else Path(__file__).parents[3] / "config" / "packs"
    return {p.stem: p for p in sorted(folder.glob("*.toml"))}


def find(name: str, site: Path) -> Path:
    """The file of a shipped pack's id, or of a path (from the site's folder); raises Refused if there is none."""
    known = shipped()
    if name in known:
        return known[name]
    path = site / name
    if (name.endswith(".toml") or "/" in name) and path.is_file():
        return path
    raise Refused(
        [
            Complaint(
                "punchsync.toml",
                "hall.pack",
                _("写的是 {value}，找不到这个规则包").format(value=repr(name)),
                _("{packs}，或本大厅规则包文件的路径").format(packs="、".join(known)),
            )
        ]
    )


def questions(path: Path) -> dict[str, str]:
    """What a pack's source leaves open: the keys a hall must answer, with what each asks."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    return {p["id"]: str(p.get("says", "")) for p in declared(tree, "answer")}


def load(
    path: Path, interpretations: Mapping[str, str] | None = None, answers: Mapping[str, str] | None = None
) -> Loaded:
    """A pack with the hall's interpretations and answers; raises Refused with every complaint at once."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused([Complaint(path.name, "", str(error), _("可以读取的 UTF-8 文件"))]) from None
    return read(source, path.name, interpretations or {}, answers or {})


def read(source: str, name: str, interpretations: Mapping[str, str], answers: Mapping[str, str]) -> Loaded:
    """The same from a pack's text; `name` is the file's, for complaints."""
    try:
        tree = tomllib.loads(source, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Refused([Complaint(name, "", str(error), _("合乎 TOML 语法的文件"))]) from None
    complaints, values = choose(tree, name, interpretations, answers)
    given = {*interpretations, *(ANSWER + key for key in answers)}
    filled = Filling(values, given, name, complaints)
    try:
        file = schema.PackFile.model_validate(filled.fill(tree, ""))
    except ValidationError as error:
        complaints += [filled.blame(c) for c in from_pydantic(name, error.errors(), tables())]
        raise Refused(complaints) from None
    complaints += lint(file, name)
    if complaints:
        raise Refused(complaints)
    chosen = dict(sorted(interpretations.items())) | {ANSWER + k: v for k, v in sorted(answers.items())}
    text = source + "\n# hall: " + json.dumps(chosen, ensure_ascii=False, sort_keys=True) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Loaded(to_rules(file, digest, interpretations), file, text)


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

    def blame(self, complaint: Complaint) -> Complaint:
        """A complaint about a place that the hall filled, told of the hall's interpretation or answer."""
        source = self._places.get(complaint.key)
        if source is None or source not in self._given:
            return complaint
        table = "answers" if source.startswith(ANSWER) else "interpretations"
        key = f"hall.{table}.{source.removeprefix(ANSWER)}"
        return replace(complaint, file="punchsync.toml", key=key)


def tables() -> dict[str, list[str]]:
    """The keys allowed in each table of a pack file, by its dotted place."""
    out: dict[str, list[str]] = {}

    def walk(model: type[BaseModel], place: str) -> None:
        out[place] = [field.alias or name for name, field in model.model_fields.items()]
        for name, field in model.model_fields.items():
            for inner in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    walk(inner, f"{place}.{field.alias or name}".lstrip("."))

    walk(schema.PackFile, "")
    return out


def to_rules(file: schema.PackFile, digest: str, overrides: Mapping[str, str]) -> rules.Pack:
    """A validated pack file as the judge's rules."""
    return rules.Pack(
        id=file.id,
        name=file.name,
        digest=digest,
        documents=tuple(rules.Document(d.id, d.title, d.short) for d in file.document),
        interpretations=tuple(
            rules.Interpretation(i.id, i.says, overrides.get(i.id, i.value), i.id in overrides)
            for i in file.interpretation
        ),
        shifts=tuple(rules.Shift(s.id, s.name, s.sessions) for s in file.timetable.shift),
        seasons=tuple(rules.Season(s.shift, s.first, s.last) for s in file.timetable.season),
        checkpoints=frozenset(file.timetable.checkpoints),
        dropped_piece=file.timetable.dropped_minutes * MINUTE,
        punctuality=rules.Punctuality(file.punctuality.late_seconds, file.punctuality.early_seconds),
        ladder=tuple(
            rules.Rung(frozenset(r.kinds), r.up_to_half_days, r.sign_offs, r.certificate, cites(r.cites))
            for r in file.ladder
        ),
        items=tuple(
            rules.Item(
                i.id,
                i.name,
                frozenset(i.kinds),
                tuple(rules.Charge(c.account, c.category, c.points, c.when) for c in i.charges),
                cites(i.cites),
                i.asks,
                to_day(i.first) if i.first else FIRST_DAY,
                to_day(i.last) if i.last else LAST_DAY,
            )
            for i in file.item
        ),
        findings=rules.Findings(
            frozenset(file.findings.kinds), file.findings.first, file.findings.later, cites(file.findings.cites)
        )
        if file.findings
        else None,
        tens=rules.Tens(
            frozenset(file.tens.kinds), file.tens.every, file.tens.yields, file.tens.mode, cites(file.tens.cites)
        )
        if file.tens
        else None,
        leave_limits=tuple(
            rules.LeaveLimit(x.id, x.kind, x.over_half_days, x.outcome, x.says, cites(x.cites))
            for x in file.leave_limit
        ),
        categories=tuple(
            rules.Category(c.account, c.name, c.base, c.cap, c.period, cites(c.cites)) for c in file.category
        ),
        rankings=tuple(
            rules.Ranking(r.id, r.subject, r.period, r.places, r.by_months, r.posted_throughout, r.says, cites(r.cites))
            for r in file.ranking
        ),
    )


def cites(texts: tuple[str, ...]) -> rules.Cites:
    """`document article` texts as pairs."""
    return tuple((document, article) for document, _gap, article in (t.partition(" ") for t in texts))
