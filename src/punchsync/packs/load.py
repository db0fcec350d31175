"""From a pack's TOML to the rules as the judge asks them, or every complaint about it at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from punchsync.core import rules
from punchsync.core.moment import MINUTE, to_day
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.packs import schema
from punchsync.packs.extend import extend
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
    tree: Mapping[str, Any]  # as parsed, references still in it


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
    if (name.endswith(".toml") or "/" in name) and beside(site, name):
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
        tree, _texts = whole_tree(text_of(path), path.name, path.parent, ())
    except Refused:
        return {}
    return {p["id"]: str(p.get("says", "")) for p in declared(tree, "answer")}


def load(
    path: Path, interpretations: Mapping[str, str] | None = None, answers: Mapping[str, str] | None = None
) -> Loaded:
    """A pack with the hall's interpretations and answers; raises Refused with every complaint at once."""
    return read(text_of(path), path.name, interpretations or {}, answers or {}, path.parent)


def load_other(path: Path, interpretations: Mapping[str, str], answers: Mapping[str, str]) -> Loaded:
    """Another pack as this hall would read it: with those of its interpretations that the pack knows."""
    tree, _texts = whole_tree(text_of(path), path.name, path.parent, ())
    known = {p["id"] for p in declared(tree, "interpretation")}
    return load(path, {k: v for k, v in interpretations.items() if k in known}, answers)


def read(
    source: str,
    name: str,
    interpretations: Mapping[str, str],
    answers: Mapping[str, str],
    folder: Path | None = None,
) -> Loaded:
    """The same from a pack's text; `name` is the file's, for complaints, `folder` where packs it extends are sought."""
    tree, texts = whole_tree(source, name, folder or Path(), ())
    return made(tree, texts, name, interpretations, answers)


def reread(kept: str) -> Loaded | None:
    """A pack from the text under which it was kept; None for one that can't be read any more."""
    try:
        found = json.loads(kept)
        texts = [str(t) for t in found["texts"]]
        trees = [tomllib.loads(t, parse_float=Decimal) for t in texts]
        tree = trees[0]
        for own in trees[1:]:
            tree, _complaints = extend(tree, own, "")
        return made(tree, texts, "", found["interpretations"], found["answers"])
    except (ValueError, LookupError, TypeError, AttributeError, Refused):
        return None


def made(
    tree: dict[str, Any],
    texts: list[str],
    name: str,
    interpretations: Mapping[str, str],
    answers: Mapping[str, str],
) -> Loaded:
    """A pack from its whole tree and the hall's choices; raises Refused with every complaint at once."""
    complaints, values = choose(tree, name, interpretations, answers)
    given = {*interpretations, *(ANSWER + key for key in answers)}
    filled = Filling(values, given, name, complaints)
    try:
        file = schema.PackFile.model_validate(filled.fill(tree, ""))
    except ValidationError as error:
        complaints += [filled.blame(c) for c in from_pydantic(name, error.errors(), tables())]
        raise Refused(complaints) from None
    complaints += [*lint(file, name), *filled.idle()]
    if complaints:
        raise Refused(complaints)
    chosen = {"interpretations": dict(interpretations), "answers": dict(answers), "texts": texts}
    text = json.dumps(chosen, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Loaded(to_rules(file, digest, interpretations), file, text, tree)


def whole_tree(source: str, name: str, folder: Path, seen: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    """A pack's tree with what it extends merged in, and the texts it was made of; raises Refused."""
    try:
        own = tomllib.loads(source, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Refused([Complaint(name, "", str(error), _("合乎 TOML 语法的文件"))]) from None
    base = own.get("extends")
    if base is None:
        return own, [source]
    known = shipped()
    path = known.get(str(base)) or beside(folder, str(base))
    if path is None or str(path) in seen:
        found = _("写的是 {value}，找不到这个规则包").format(value=repr(base))
        if path is not None:
            found = _("{value} 绕了回来：它又以本规则包为基础").format(value=repr(base))
        allowed = _("{packs}，或规则包文件的路径").format(packs="、".join(known))
        raise Refused([Complaint(name, "extends", found, allowed)])
    below, texts = whole_tree(text_of(path), path.name, path.parent, (*seen, str(path)))
    tree, complaints = extend(below, own, name)
    if complaints:
        raise Refused(complaints)
    return tree, [*texts, source]


def beside(folder: Path, name: str) -> Path | None:
    """The file of that path from a folder, by its one name whatever the way there; None where there is none."""
    try:
        path = (folder / name).resolve()
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def text_of(path: Path) -> str:
    """The text of a pack's file; raises Refused if it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused([Complaint(path.name, "", str(error), _("可以读取的 UTF-8 文件"))]) from None


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
    table = {name: tuple(rule(part) for part in getattr(file, name)) for name in schema.RULES}
    return rules.Pack(
        id=file.id,
        name=file.name,
        digest=digest,
        documents=tuple(rules.Document(d.id, d.title, d.short) for d in file.document),
        interpretations=tuple(
            rules.Interpretation(i.id, i.says, overrides.get(i.id, i.value), i.id in overrides)
            for i in file.interpretation
        ),
        shifts=tuple(rules.Shift(s.id, s.name, s.sessions) for s in file.shift),
        checkpoints=frozenset(file.timetable.checkpoints),
        dropped_piece=file.timetable.dropped_minutes * MINUTE,
        opens_before=file.timetable.opens_minutes * MINUTE,
        otherwise=file.leave.otherwise,
        span=span(file),
        **{FIELDS[name]: parts for name, parts in table.items()},
    )


def rule(part: schema.Part) -> Any:
    """One table of a pack as the judge's rule of that kind: same names, same values, citations split in two."""
    values = {name: getattr(part, name) for name in type(part).model_fields if name not in ("period",)}
    if isinstance(part, (schema.CategoryPart, schema.RankingPart)):
        values["period"] = part.period
    for name, value in values.items():
        if name == "cites":
            values[name] = cites(value)
        elif name == "first" and isinstance(part, schema.RulePart):
            values[name] = to_day(value) if value else FIRST_DAY
        elif name == "last" and isinstance(part, schema.RulePart):
            values[name] = to_day(value) if value else LAST_DAY
        elif isinstance(value, tuple) and value and isinstance(value[0], schema.Part):
            values[name] = tuple(rule(inner) for inner in value)
    return KINDS[type(part)](**values)


def span(file: schema.PackFile) -> str:
    """Within what kind of period the charges of violations depend on each other."""
    counted = {i.counted for i in file.item if i.steps} | {c.period for c in file.category if c.per == "item"}
    return max(counted | {"month"}, key=("month", "quarter", "year").index)


def cites(texts: tuple[str, ...]) -> rules.Cites:
    """`document article` texts as pairs."""
    return tuple((document, article) for document, _gap, article in (t.partition(" ") for t in texts))


KINDS: dict[type[schema.Part], type] = {
    schema.SeasonPart: rules.Season,
    schema.PunctualityPart: rules.Punctuality,
    schema.BackupPart: rules.Backup,
    schema.RosterDutyPart: rules.RosterDuty,
    schema.RungPart: rules.Rung,
    schema.CoverPart: rules.Cover,
    schema.LateRegistrationPart: rules.LateRegistration,
    schema.LeaveLimitPart: rules.LeaveLimit,
    schema.PresencePart: rules.Presence,
    schema.FindingsPart: rules.Findings,
    schema.ConversionPart: rules.Conversion,
    schema.CategoryPart: rules.Category,
    schema.ChargePart: rules.Charge,
    schema.StepPart: rules.Step,
    schema.ItemPart: rules.Item,
    schema.CountPart: rules.Count,
    schema.PointsLimitPart: rules.PointsLimit,
    schema.RunsPart: rules.Runs,
    schema.WorstPart: rules.Worst,
    schema.RepeatPart: rules.Repeat,
    schema.StarStepPart: rules.StarStep,
    schema.StarPart: rules.Star,
    schema.PostedDaysPart: rules.PostedDays,
    schema.GradeStepPart: rules.GradeStep,
    schema.GradePart: rules.Grade,
    schema.SharePart: rules.Share,
    schema.RankingPart: rules.Ranking,
}
FIELDS = {
    "season": "seasons",
    "punctuality": "punctuality",
    "backup": "backup",
    "roster_duty": "roster_duty",
    "ladder": "ladder",
    "cover": "covers",
    "late_registration": "late_registrations",
    "leave_limit": "leave_limits",
    "presence": "presences",
    "findings": "findings",
    "conversion": "conversions",
    "category": "categories",
    "item": "items",
    "count": "counts",
    "points_limit": "points_limits",
    "runs": "runs",
    "worst": "worsts",
    "repeat": "repeats",
    "star": "stars",
    "posted_days": "posted_days",
    "grade": "grades",
    "ranking": "rankings",
}
"""The tables of a pack file and the rules of a pack that they become."""
