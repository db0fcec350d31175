"""`punchsync demo`: the whole product on one machine, with nothing to set up."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.demo_hall import MOST_DAYS
from punchsync.cli.ending import ATTENTION, DONE, USAGE, Ending
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.operations.verify import Verified


@click.command("demo", help=verbs()["demo"])
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=10, show_default=True, metavar="N", help=_("演示几个工作日")
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("把演示的大厅留在这个文件夹（应为新的或空的）"),
)
@click.option("--stay", is_flag=True, help=_("演示完不结束：考勤机与服务一直运行，直到 Ctrl-C"))
def command(days: int, keep: Path | None, stay: bool) -> int:
    """Plays N working days of an invented hall and leaves nothing running; status 1 if verifying finds a difference."""
    with terminable(), folder_for(keep) as folder:
        found = perform(folder, days, keep, stay)
    if keep is None:
        click.echo("")
        click.echo(_("演示用的临时文件夹已删除，没有留下任何进程。"))
    return ATTENTION if found.differences else DONE


def perform(folder: Path, days: int, keep: Path | None, stay: bool) -> Verified:
    """The demonstration in an empty folder, from the first word to the last."""
    from punchsync.cli.demo_ending import files, next_steps, tell_end
    from punchsync.cli.demo_hall import working_days
    from punchsync.cli.demo_site import staged
    from punchsync.cli.demo_stay import free_address, run_service
    from punchsync.cli.demo_story import tell_story
    from punchsync.cli.demo_tell import Teller, opening
    from punchsync.cli.demo_whatif import ask_what_if

    tell = Teller()
    with staged(folder, free_address() if stay else "off") as stage:
        played = working_days(stage.site.hall.published(), days)
        opening(stage, played)
        tell_story(tell, stage, played)
        ask_what_if(tell, stage)
        found = tell_end(tell, stage)
        kept = folder.resolve() if keep or stay else None
        if kept:
            files(kept)
        next_steps(stage, kept)
        if stay:
            run_service(stage, working_days(stage.site.hall.published(), days + 1)[-1])
    return found


@contextmanager
def folder_for(keep: Path | None) -> Iterator[Path]:
    """The folder to play in: the user's own, new or empty, or one that is gone afterwards."""
    if keep is None:
        with TemporaryDirectory(prefix="punchsync-demo-") as name:
            yield Path(name)
        return
    try:
        keep.mkdir(mode=0o750, parents=True, exist_ok=True)
        used = any(keep.iterdir())
    except OSError as error:
        raise Ending(USAGE, [_("{folder}：用不了（{error}）").format(folder=keep, error=error.strerror)]) from None
    if used:
        raise Ending(USAGE, [_("--keep 写的是 {folder}，里面已有文件；应为新的或空的文件夹").format(folder=keep)])
    yield keep


@contextmanager
def terminable() -> Iterator[None]:
    """A SIGTERM or a closed terminal ends the demonstration as Ctrl-C does: everything closed and removed."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {s: signal.signal(s, end) for s in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
