"""`demo --stay`: the service on the demonstration's site, from the next working morning on, until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

import click

from punchsync.cli.answering import answering
from punchsync.cli.cmd_init import LISTEN
from punchsync.cli.cmd_serve import lines
from punchsync.cli.demo_accounts import account_lines
from punchsync.cli.demo_stage import Stage
from punchsync.core.moment import Day, show_moment
from punchsync.logs import configure
from punchsync.service.daemon import Inbox, heeding, serve
from punchsync.service.schedule import Job
from punchsync.texts import _

MORNING = "09:09:55"
"""When the clock begins to run: just before the day's first poll."""
LOOK = 2.0
"""Seconds between two looks of the service at what is due: its alarms go by this machine's clock, not by ours."""


def free_address() -> str:
    """Where the desk listens: the usual address, or another port of it where that is taken."""
    host, _colon, port = LISTEN.rpartition(":")
    for wanted in (int(port), 0):
        with socket.socket() as here:
            here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                here.bind((host, wanted))
            except OSError:
                continue
            return f"{host}:{here.getsockname()[1]}"
    return LISTEN


def run_service(stage: Stage, day: Day) -> int:
    """Let the clock run from a day's first poll on, people punching, and serve the site until Ctrl-C or SIGTERM."""
    stage.begin(day, len(stage.done) + 1)
    stage.go(day, MORNING)
    accounts = account_lines(stage)
    stage.clock.run()

    def announce(jobs: Sequence[Job]) -> None:
        click.echo("")
        click.echo(
            _("演示的时间从 {at} 起照真实快慢走，考勤机与服务一直在线，按 Ctrl-C 结束。").format(
                at=show_moment(stage.clock.now())
            )
        )
        for id, terminal in stage.terminals.items():
            click.echo(_("考勤机 {id} 在 {host}:{port}").format(id=id, host=terminal.host, port=terminal.port))
        click.echo("\n".join([*lines(stage.site, jobs), "", *accounts]))

    inbox = Inbox()
    with heeding(inbox), punching(stage):
        configure()
        return serve(stage.site, inbox=inbox, announce=announce, look=LOOK, companions=[answering])


@contextmanager
def punching(stage: Stage) -> Iterator[None]:
    """People go on punching as time goes by, on a thread of its own."""
    over = Event()

    def go_on() -> None:
        while not over.wait(1):
            stage.punch()

    thread = Thread(target=go_on, name="people", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
