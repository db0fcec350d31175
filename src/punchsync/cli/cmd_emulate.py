"""`punchsync emulate`: the terminal emulator, for anybody who tests a ZK client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import in_json, say_json
from punchsync.cli.ending import USAGE, Ending
from punchsync.problems import Complaint
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.emulator import EmulatedTerminal


@click.command("emulate", help=verbs()["emulate"])
@click.argument("scenario", metavar=_("剧本"), type=click.Path(path_type=Path))
@click.option(
    "--for", "seconds", type=click.FloatRange(min=0), metavar="SECONDS", help=_("到时自行结束（默认：直到 Ctrl-C）")
)
@in_json
def command(scenario: Path, seconds: float | None, as_json: bool) -> None:
    """Plays a scenario file's terminals on loopback until it is over."""
    from punchsync.emulator import Scenario, load, play

    loaded = load(scenario)
    if not isinstance(loaded, Scenario):
        raise Ending(USAGE, [Complaint(p.file, p.key, p.found, p.allowed, p.remedy).show() for p in loaded])
    with play(loaded) as stage:
        if as_json:
            say_json({"terminals": [_shown(id, terminal) for id, terminal in stage.terminals.items()]})
        for id, terminal in stage.terminals.items():
            if not as_json:
                click.echo(_("考勤机 {id}（{transport}）在 {address}").format(**_shown(id, terminal)))
        stage.wait(seconds)


def _shown(id: str, terminal: EmulatedTerminal) -> dict[str, str]:
    return {"id": id, "transport": terminal.transport, "address": f"{terminal.host}:{terminal.port}"}
