"""The other rules of a trial: an uploaded pack, or the hall's own with other readings. Nothing of it is stored."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from punchsync.packs.fill import declared
from punchsync.packs.load import load, read, whole_tree
from punchsync.packs.shelf import find, shipped
from punchsync.problems import Complaint, Refused
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.packs.load import Loaded

MOST: Final = 2**20
"""Bytes of an uploaded pack."""


def uploaded(site: Site, name: str, data: bytes, answers: Mapping[str, str]) -> Loaded:
    """An uploaded pack as this hall would read it; raises Refused with every complaint.

    It may extend a pack that comes with the product, or the hall's own; no other file of this machine is opened.
    """
    hall = site.settings.hall
    if len(data) > MOST:
        raise Refused([Complaint(name, "", _("文件太大"), _("不超过 1 MiB 的规则包文件"))])
    try:
        text = data.decode("utf-8-sig")
        base = tomllib.loads(text).get("extends")
        if base is not None and base not in (*shipped(), hall.pack):
            found = _("写的是 {value}，上传的规则包不能以它为基础").format(value=repr(base)[:80])
            raise Refused([Complaint(name, "extends", found, "、".join((*shipped(), hall.pack)))])
        tree, _texts = whole_tree(text, name, site.folder, ())
        known = {p["id"] for p in declared(tree, "interpretation")}
        own = {k: v for k, v in hall.interpretations.items() if k in known}
        return read(text, name, own, {**hall.answers, **answers}, site.folder)
    except UnicodeDecodeError:
        raise Refused([Complaint(name, "", _("不是 UTF-8 文字"), _("可以读取的 UTF-8 文件"))]) from None
    except tomllib.TOMLDecodeError as error:
        raise Refused([Complaint(name, "", str(error), _("合乎 TOML 语法的文件"))]) from None
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError):
        raise Refused([Complaint(name, "", _("不是规则包"), _("punchsync rules show 所列那样的规则包"))]) from None


def otherwise(site: Site, readings: Mapping[str, str], answers: Mapping[str, str]) -> Loaded:
    """The hall's pack with other readings and answers, those that differ from what holds; raises Refused."""
    hall, pack = site.settings.hall, site.loaded.pack
    holds = {i.id: i.value for i in pack.interpretations}
    changed = {k: v for k, v in readings.items() if k in holds and v != holds[k]}
    path = find(hall.pack, site.folder)
    return load(path, {**hall.interpretations, **changed}, {**hall.answers, **answers})
