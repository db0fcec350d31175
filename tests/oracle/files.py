"""Literal judge for tests: a site as the contract's import files, and the commands that import them."""

from __future__ import annotations

import csv
from pathlib import Path

from .records import Site, as_files
from .validity import COLUMNS

ORDER = (
    "staff",
    "device",
    "calendar",
    "roster",
    "leave",
    "outing",
    "standin",
    "incident",
    "outage",
    "paper",
    "ruling",
    "scores",
)


def write_files(site: Site, folder: Path) -> list[list[str]]:
    """CSV per kind and one `*_attlog.dat` per read into `folder`; gives the commands, staff first.

    Live reads become files read through the same moment (`as_files`): judge that site for the comparison.
    """
    folder.mkdir(parents=True, exist_ok=True)
    commands: list[list[str]] = []
    for kind in ORDER:
        rows = site.tables.get(kind, [])
        if not rows:
            continue
        columns = list(COLUMNS[kind])
        if any(row.get("withdrawn") for row in rows) or any("withdrawn" in row for row in rows):
            columns.append("withdrawn")
        path = folder / f"{kind}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        commands.append(["import", kind, str(path)])
    for n, read in enumerate(as_files(site).reads, 1):
        path = folder / f"{n:03d}_{read['terminal']}_attlog.dat"
        lines = [f"{user_id:>9}\t{at}\t1\t0\t0\n" for user_id, at in read["rows"]]
        path.write_text("".join(lines), encoding="ascii", newline="")
        command = ["import", "punches", str(path), "--terminal", read["terminal"]]
        commands.append([*command, "--through", read["through"]] if read.get("through") else command)
    return commands


def settings(site: Site) -> str:
    """The text of a `punchsync.toml` for the site: its terminals without a host, nothing delivered."""
    lines = ["[hall]", 'id = "oracle"', 'name = "示范县政务服务中心"', f'pack = "{site.pack}"']
    if site.answers:
        answers = ", ".join(f'{key} = "{value}"' for key, value in site.answers.items())
        lines.append(f"answers = {{ {answers} }}")
    lines.append("")
    if site.interpretations:
        lines += ["[hall.interpretations]", *[f'"{k}" = "{v}"' for k, v in site.interpretations.items()], ""]
    for terminal in site.terminals:
        lines += ["[[terminal]]", f'id = "{terminal["id"]}"']
        if terminal.get("windows") is not None:
            names = ", ".join(f'"{window}"' for window in terminal["windows"])
            lines.append(f"windows = [{names}]")
        lines += [f"{bound} = {terminal[bound]}" for bound in ("from", "to") if terminal.get(bound)]
        lines.append("")
    lines += ["[scoring]", 'sink = "none"', "", "[desk]", 'listen = "off"', ""]
    return "\n".join(lines)
