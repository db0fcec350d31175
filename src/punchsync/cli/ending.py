"""How a command ends: exit status and words for everything that can go wrong, never a traceback."""

from __future__ import annotations

import os
import sys
import traceback

import click

from punchsync.cli.access import ended
from punchsync.problems import Refused
from punchsync.texts import _

DONE, ATTENTION, USAGE, BAD_INPUT, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 130
LINES = 5_000
DENIED = ("InsufficientPrivilege", "ReadOnlySqlTransaction")
"""PostgreSQL's errors of a user without rights, and of a server that only follows another."""


class Ending(Exception):
    """A command's early end: a status and what to say on stderr."""

    def __init__(self, status: int, lines: list[str]) -> None:
        super().__init__(status)
        self.status, self.lines = status, lines


def unwritable(file: object, error: OSError, status: int = NOTHING) -> Ending:
    """The end of a command whose file can't be written."""
    return Ending(status, [_("{file}：写不了（{error}）").format(file=file, error=error.strerror)])


def complain(lines: list[str]) -> None:
    """Say lines on stderr, the first `LINES` of them."""
    for line in lines[:LINES]:
        click.echo(line, err=True)
    if len(lines) > LINES:
        click.echo(_("……另有 {n} 条").format(n=len(lines) - LINES), err=True)


def run(command: click.Command) -> int:
    """Run the command line, note who did what, and return the exit status."""
    status = status_of(command)
    ended(status)
    return status


def status_of(command: click.Command) -> int:
    """Run the command line and return the exit status."""
    try:
        result = command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        complain([_("已中断")])
        return INTERRUPTED
    except Refused as error:
        complain([c.show() for c in error.complaints])
        return USAGE
    except Ending as error:
        complain(error.lines)
        return error.status
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the reader went away; nothing is left to say
        return DONE
    except Exception as error:
        return unforeseen(error)
    return result if isinstance(result, int) else DONE


def unforeseen(error: Exception) -> int:
    """What no other clause foresaw, in words; the traceback with PUNCHSYNC_DEBUG."""
    if os.environ.get("PUNCHSYNC_DEBUG"):
        traceback.print_exc()
    name, orig = type(error).__name__, getattr(error, "orig", error)
    if name == "SchemaTooNew":
        complain([_("数据由更新版本的 punchsync 建立；请升级程序，数据未改动")])
        return USAGE
    if name == "Unreconciled":
        complain([_("恢复备份以后还没有与评分库对账，先不记账、不推送；请运行 punchsync push --reconcile")])
        return NOTHING
    if name == "AmendsClosed":
        complain(
            [
                _("规则包：「{place}」与判过的不同，涉及已关账的 {month}；应为：在已关账的月份之后施行（from）；"
                  "确要改判的，先 punchsync period reopen {month}").format(place=amendment.place, month=month)
                for amendment, month in getattr(error, "found", ())
            ]
        )  # fmt: skip
        return USAGE
    if name == "NoCopy":
        said = _("{folder} 磁盘不够：升级数据库前要留一份副本，需 {needed} MiB，余 {free} MiB；数据未改动，请腾出空间")
        sizes = {name: -(-getattr(error, name, 0) // 2**20) for name in ("needed", "free")}
        complain([said.format(folder=getattr(error, "folder", ""), **sizes)])
        return NOTHING
    if name == "Sealed":
        from punchsync.core.checkpoint import Sealed
        from punchsync.sealed_words import sealed_words

        complain([sealed_words(error)] if isinstance(error, Sealed) else [str(error)])
        return USAGE
    if name == "UnfitDatabase":
        complain(
            [_("数据库的编码是 {found}；应为 UTF8：以 ENCODING 'UTF8' TEMPLATE template0 新建一个库").format(
                found=getattr(error, "encoding", "")
            )]
        )  # fmt: skip
        return USAGE
    if name in ("OperationalError", "DatabaseError", "InterfaceError") or type(orig).__name__ in DENIED:
        words = " ".join(str(orig).split())
        complain([_("数据库不能使用：{error}；请检查 [store] url、磁盘与权限").format(error=words)])
        return NOTHING
    if isinstance(error, OSError):
        complain([_("文件或网络不能使用：{error}").format(error=error)])
        return NOTHING
    complain(
        [_("程序出错({name}：{error})；数据未改动。设 PUNCHSYNC_DEBUG=1 再运行可见详情").format(name=name, error=error)]
    )
    return NOTHING
