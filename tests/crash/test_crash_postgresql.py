"""A hall on PostgreSQL through the command line: what SQLite gives, side by side, and killed in the middle."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hall
import pytest
from hall import AS_OF, States, argv, must, punches, punchsync, terminal, without_desk
from killing import SETTLE, Picture, picture, unlike

from postgres import PostgresServer, name_of
from punchsync.bootstrap import opened
from punchsync.core.moment import DAY, parse_moment

Watch = Callable[[Path, str, int], None]
URL = re.compile(r'^url = "(sqlite|postgresql|credential).*"$', re.MULTILINE)


class Moved(States):
    """The same states of the same hall, each with a database of its own on a server."""

    def __init__(self, folder: Path, port: int, server: PostgresServer) -> None:
        super().__init__(folder, port, punches())
        self.server = server

    def copy(self, state: str, to: Path) -> Path:
        source = self._state(state)
        shutil.copytree(source, to)
        move(to, self.server.copy(url_of(source)))
        return to

    def _make(self, state: str, site: Path) -> Path:
        if state != "staffed":
            return super()._make(state, site)
        init = ("init", "--pack", "yihuang", "--terminal", f"T1=127.0.0.1:{self._port}", str(site))
        ran = punchsync(site, *init)
        assert ran.returncode == 0, ran
        without_desk(site)
        move(site, self.server.new())
        must(site, "import", "staff", str(self.files / "staff.csv"))
        return site


def url_of(site: Path) -> str:
    return next(line[7:-1] for line in (site / "punchsync.toml").read_text().splitlines() if line.startswith("url = "))


def move(site: Path, url: str) -> None:
    """Give a site another store."""
    settings = site / "punchsync.toml"
    text, count = URL.subn(f'url = "{url}"', settings.read_text("utf-8"))
    assert count == 1
    settings.write_text(text, "utf-8")


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[Moved]:
    with terminal(punches()) as running:
        yield Moved(tmp_path_factory.mktemp("moved") / "sites", running.port, postgres_server)


@pytest.fixture
def watch(postgres_server: PostgresServer) -> Watch:
    """Waits until so many of a site's sessions wait for a lock of a kind."""

    def until(site: Path, kind: str, wanted: int) -> None:
        waiting = (
            "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database "
            "WHERE NOT granted AND locktype = %s AND datname = %s"
        )
        with postgres_server.connect("postgres") as connection:
            give_up = time.monotonic() + 60
            while connection.execute(waiting, (kind, name_of(url_of(site)))).fetchone() != (wanted,):
                assert time.monotonic() < give_up
                time.sleep(0.01)

    return until


@pytest.fixture(scope="session")
def right(states: States, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """What a settle of the corrected hall leaves on SQLite."""
    site = states.copy("corrected", tmp_path_factory.mktemp("right") / "site")
    must(site, *SETTLE)
    found = picture(site)
    assert found.sums and not found.twice
    return found


def start(site: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(argv(site, *command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_settles_that_wait_for_each_other_leave_what_one_alone_leaves_on_sqlite(
    moved: Moved, tmp_path: Path, right: Picture, watch: Watch
) -> None:
    site = moved.copy("corrected", tmp_path / "site")
    with opened(site) as held, held.store.writing():
        running = [start(site, *SETTLE) for _ in range(3)]
        watch(site, "advisory", 3)
    said = [(process.communicate(timeout=300)[1], process.returncode) for process in running]
    assert {status for _err, status in said} <= {0, 1}, said
    assert list(unlike(site, right)) == []
    assert list((site / "data").glob("*.db")) == []


def test_a_settle_that_a_later_one_overtook_while_it_waited_books_nothing(
    moved: Moved, tmp_path: Path, watch: Watch
) -> None:
    site = moved.copy("corrected", tmp_path / "site")
    before = picture(site).sums
    with opened(site) as held, held.store.writing() as work:
        process = start(site, *SETTLE)
        watch(site, "advisory", 1)
        work.runs.settled(parse_moment(AS_OF) + DAY, "d1", parse_moment(AS_OF) + DAY)
    err = process.communicate(timeout=300)[1]
    assert process.returncode == 2 and "2026-06-01" in err, err
    assert picture(site).sums == before


def test_a_settle_killed_in_the_middle_leaves_nothing_and_is_done_whole_the_next_time(
    moved: Moved, tmp_path: Path, right: Picture, watch: Watch
) -> None:
    site = moved.copy("corrected", tmp_path / "site")
    before = picture(site)
    with moved.server.connect(name_of(url_of(site))) as connection, connection.transaction():
        connection.execute("LOCK TABLE settle_run IN SHARE MODE")  # the last that a settle writes to
        process = start(site, *SETTLE)
        watch(site, "relation", 1)
        process.kill()
        process.communicate()
    assert picture(site) == before
    must(site, *SETTLE)
    assert list(unlike(site, right)) == []


def test_a_server_that_is_not_there_ends_a_command_in_words_that_show_no_password(tmp_path: Path) -> None:
    site = new_site(tmp_path, "postgresql+psycopg://u:geheim@127.0.0.1:1/hall?sslmode=disable")
    for url in ("credential:db", "postgresql+psycopg://u@/hall?host=/nowhere"):
        move(site, url)
        ran = punchsync(site, "verify")
        assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (4, "", 1), ran
        assert "[store] url" in ran.stderr and "geheim" not in ran.stderr


def test_a_user_without_rights_and_a_database_of_another_encoding_are_said(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.new()
    with postgres_server.connect(name_of(url)) as connection:
        connection.execute("CREATE ROLE clerk LOGIN")
        connection.execute("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    said = []
    for address in (url.replace("postgres@", "clerk@"), postgres_server.url("ascii")):
        ran = punchsync(new_site(tmp_path / name_of(address), address), "verify")
        said.append((ran.returncode, ran.stderr))
    assert [status for status, _err in said] == [4, 2]
    assert "permission denied for schema public" in said[0][1] and "SQL_ASCII" in said[1][1]
    assert [err.count("\n") for _status, err in said] == [1, 1]


def test_a_store_s_address_with_its_password_is_read_from_a_credential(
    tmp_path: Path, states: States, postgres_url: str, postgres_server: PostgresServer
) -> None:
    site = new_site(tmp_path, postgres_url.replace("postgres@", "postgres:geheim@"))
    must(site, "import", "staff", str(states.files / "staff.csv"))
    with postgres_server.connect(name_of(postgres_url)) as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchone() == (len(hall.PEOPLE),)


def new_site(folder: Path, url: str) -> Path:
    """A site without anything in it, its store's address in a credential."""
    site = folder / "site"
    ran = punchsync(site, "init", "--pack", "yihuang", "--terminal", "T1", str(site))
    assert ran.returncode == 0, ran
    (site / "credentials").mkdir()
    (site / "credentials" / "db").write_text(f"{url}\n")
    move(site, "credential:db")
    return site
