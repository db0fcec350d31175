"""From a pack's TOML to the rules as the judge asks them, or every complaint about it at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from punchsync.core import rules
from punchsync.packs import schema
from punchsync.packs.extend import extend
from punchsync.packs.fill import ANSWER, Filling, choose, declared
from punchsync.packs.lint import lint
from punchsync.packs.shelf import beside, shipped, text_of
from punchsync.packs.to_rules import to_rules
from punchsync.problems import Complaint, Refused, from_pydantic
from punchsync.texts import _


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pack ready to judge by, its file as validated, and the text kept under its digest."""

    pack: rules.Pack
    file: schema.PackFile
    text: str
    tree: Mapping[str, Any]  # as parsed, references still in it


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


def load_unanswered(
    path: Path, interpretations: Mapping[str, str] | None = None, answers: Mapping[str, str] | None = None
) -> Loaded:
    """The same, to be read rather than judged by: what is not answered is 0."""
    return load(path, interpretations, {**dict.fromkeys(questions(path), "0"), **(answers or {})})


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
