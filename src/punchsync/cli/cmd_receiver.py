"""`punchsync receiver`: a small scoring store to deliver to, for trials and as an example."""

from __future__ import annotations

import re
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import in_json, say_json
from punchsync.cli.ending import NOTHING, USAGE, Ending, complain
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.receiver import Answer

LOOK = 0.1
"""Seconds between two looks at whether it is over."""


@click.command("receiver", help=verbs()["receiver"])
@click.option(
    "--listen",
    default="127.0.0.1:0",
    show_default=True,
    metavar="HOST:PORT",
    help=_("在哪里接收；端口 0 由系统挑一个空的"),
)
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help=_("存账的 SQLite 文件，没有就新建"),
)
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("签名密钥，每行一个；写了就只收签过名的"),
)
@click.option("--hall", default="", metavar="ID", help=_("只收这个大厅的账（默认：都收，各记各的）"))
@in_json
def command(listen: str, db: Path, secret_file: Path | None, hall: str, as_json: bool) -> None:
    """Says its address, then takes batches until SIGTERM or SIGINT; status 0."""
    from punchsync.logs import configure
    from punchsync.receiver import NotOurs, Receiver, ReceiverServer, ScoreTable

    address, secrets = address_of(listen), read_secrets(secret_file)
    with ending() as over:
        try:
            table = ScoreTable(db)
        except NotOurs:
            raise Ending(USAGE, [_("{file}：不是接收端的文件；应写一个新的").format(file=db)]) from None
        except sqlite3.Error as error:
            raise Ending(NOTHING, [_("{file}：用不了（{error}）").format(file=db, error=error)]) from None
        with closing(table):
            try:
                server = ReceiverServer(address, Receiver(table, time.time, secrets, hall), tell)
            except OSError as error:
                said = _("--listen {listen}：用不了（{error}）").format(listen=listen, error=error.strerror or error)
                raise Ending(USAGE, [said]) from None
            configure()
            with server:
                announce(server.url, db, as_json)
                if not secrets and not (address[0].startswith("127.") or address[0] in ("::1", "localhost")):
                    complain([_("没有写 --secret-file：别的机器也能往这里送账；只宜在本机试用")])
                thread = threading.Thread(target=server.serve_forever, args=(LOOK,), name="receiver")
                thread.start()
                over.wait()
                server.shutdown()
                thread.join()


def announce(url: str, db: Path, as_json: bool) -> None:
    """What a user sees when it starts."""
    if as_json:
        say_json({"url": url, "db": str(db)})
    else:
        click.echo(_("接收端在 {url}").format(url=url))
        click.echo(_("账存在 {file}；日志写到标准错误；按 Ctrl+C 停止。").format(file=db))


def tell(method: str, answer: Answer) -> None:
    """One event for every answer; ids and counts, no names."""
    import structlog

    structlog.get_logger().info("receiver_answered", method=method, status=answer.status, **answer.told)


def address_of(text: str) -> tuple[str, int]:
    """`HOST:PORT`; a usage error where it is not."""
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+):(\d{1,5})", text)
    if not found or int(found[2]) > 65_535:
        raise Ending(USAGE, [_("--listen 写的是 {text}，应为 地址：端口，如 127.0.0.1:8090").format(text=text)])
    return found[1].strip("[]"), int(found[2])


def read_secrets(file: Path | None) -> tuple[bytes, ...]:
    """The secrets of a file, none for no file; a usage error where it has none or can't be read."""
    from punchsync.receiver import BadSecret, secrets_of

    if file is None:
        return ()
    try:
        secrets = secrets_of(file.read_text(encoding="utf-8"))
    except BadSecret as error:
        raise Ending(USAGE, [_("{file}：{error}").format(file=file, error=error)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Ending(USAGE, [_("{file}：读不了（{error}）").format(file=file, error=error)]) from None
    if not secrets:
        raise Ending(USAGE, [_("{file}：里面没有密钥；应每行写一个").format(file=file)])
    return secrets


@contextmanager
def ending() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set."""
    over = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        over.set()

    before = {s: signal.signal(s, end) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
