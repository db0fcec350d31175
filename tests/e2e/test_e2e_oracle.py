"""Random halls through the command line, their files in any order and in two waves, against the oracle."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from oracle.files import settings, write_files
from oracle.generate import random_site, second_wave
from oracle.judge import judge
from oracle.records import as_files, merged
from properties.days import PACKS
from properties.halls import standing

from .commandline import export, punchsync

COMPARED = ("verdicts", "violations", "scores", "outcomes", "ranking", "tallies", "coverage")


def bring(folder: Path, commands: list[list[str]], rng: Random) -> None:
    """Import files in any order, staff first; an unknown id is no failure."""
    rest = [c for c in commands if c[1] != "staff"]
    rng.shuffle(rest)
    for command in [*(c for c in commands if c[1] == "staff"), *rest]:
        ran = punchsync(folder, *command)
        assert ran.status in (0, 1), (command, ran)
        assert ran.status == 0 or command[1] == "punches", (command, ran)


def said(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """All exports in the oracle's columns."""
    out = {kind: export(folder, kind) for kind in COMPARED}
    out["violations"] = sorted(row[:8] for row in out["violations"])
    out["outcomes"] = sorted((*row[:5], row[7]) for row in out["outcomes"])
    out["coverage"] = [row[:2] for row in out["coverage"]]
    out["sums"] = standing(export(folder, "ledger"))
    return out


YIHUANG = [("yihuang", s, "short") for s in range(300, 305)] + [("yihuang", 307, "month")]
OTHERS = [(pack, 400 + n, "short") for n, pack in enumerate(PACKS) if pack != "yihuang"]
LONG = [("changxing", 420, "quarter"), ("tianyang", 421, "quarter")]


@pytest.mark.parametrize(("pack", "seed", "length"), [*YIHUANG, *OTHERS, *LONG])
def test_the_command_line_agrees_with_the_oracle_after_each_of_two_waves(
    pack: str, seed: int, length: str, tmp_path: Path
) -> None:
    rng = Random(seed)
    month = "2026-09" if length == "quarter" else "2026-10"
    site, when = random_site(seed, month=month, length=length, contested=False, pack=pack)
    wave = second_wave(seed, site)
    whole = merged(site, wave)
    (tmp_path / "punchsync.toml").write_text(settings(site), encoding="utf-8")

    for n, (part, so_far) in enumerate([(site, site), (wave, whole)]):
        bring(tmp_path, write_files(part, tmp_path / f"wave{n}"), rng)
        as_of = so_far.as_of or when
        assert punchsync(tmp_path, "settle", "--as-of", as_of).status == 0
        assert said(tmp_path) == {kind: sorted(rows) for kind, rows in judge(as_files(so_far), as_of).items()}

    assert punchsync(tmp_path, "verify").status == 0
