"""Who looked at or changed personal data is written down: by whom, what, about whom; never a name, and for months."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest
from privacykit import ONE, log

from e2e.commandline import process, punchsync
from e2e.site import LATER, MONDAY, Hall, staff
from punchsync import access
from punchsync.access import Access, Log, caller, expire, read, write
from punchsync.cli import group
from punchsync.cli.access import NOTED, SILENT
from punchsync.core.moment import parse_moment

LINE = Access("2026-11-22 09:00:00+08:00", "li", "sudo", "explain", {"subject": "P1", "date": "2026-11-09"}, 0)


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its name."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


# what is noted


def test_of_every_command_somebody_decided_whether_it_leaves_a_line() -> None:
    there = dict(leaves(group))
    assert set(there) - set(NOTED) - SILENT == set()
    assert set(NOTED) & SILENT == set()


def test_what_a_line_says_of_a_command_are_parameters_of_it_that_name_nobody() -> None:
    there = {name: {p.name for p in found.params} for name, found in leaves(group)}
    missing = {(name, about) for name in NOTED if name in there for about in {*NOTED[name], "site"} - there[name]}
    assert missing == set()
    assert {p for about in NOTED.values() for p in about} & {"by", "grounds", "note", "reason", "document"} == set()


def test_a_command_leaves_a_line_with_what_it_was_about_and_how_it_ended(hall: Hall) -> None:
    hall.done("explain", "P1", MONDAY)
    hall.done("export", "violations", "--from", MONDAY, "--out", str(hall.path / "v.csv"))
    hall.done("statement", "person", "P1", "--month", "2026-11")
    assert hall.run("settle", "--as-of", LATER).status == 0
    assert hall.run("period", "close", "2026-11", "--by", ONE).status == 3
    said = [(line["what"], line["about"], line["status"]) for line in log(hall)]
    assert said == [
        ("import", {"kind": "staff", "file": "staff.csv"}, 0),
        ("explain", {"subject": "P1", "date": MONDAY}, 0),
        ("export", {"kind": "violations", "first": MONDAY, "out": "v.csv"}, 0),
        ("statement", {"subject_type": "person", "subject_id": "P1", "month": "2026-11"}, 0),
        ("settle", {}, 0),
        ("period close", {"period": "2026-11"}, 3),
    ]
    assert ONE not in json.dumps(log(hall), ensure_ascii=False)
    assert {tuple(line) for line in log(hall)} == {Access._fields}


def test_what_was_typed_wrongly_may_be_a_name_and_is_left_out(hall: Hall) -> None:
    assert hall.run("explain", ONE, MONDAY).status == 2
    assert [(line["what"], line["about"], line["status"]) for line in log(hall)][1:] == [("explain", {}, 2)]


def test_what_shows_nothing_of_anybody_leaves_no_line(hall: Hall, tmp_path: Path) -> None:
    before = log(hall)
    for args in (("--help",), ("export", "--help"), ("rules", "list"), ("calendar", MONDAY), ("period", "list"),
                 ("export", "--nothing")):  # fmt: skip
        hall.run(*args)
    assert log(hall) == before
    assert punchsync(tmp_path / "none", "export", "violations").status == 2
    assert not (tmp_path / "none").exists()


def test_a_line_of_a_real_process_has_hall_time_with_its_zone_and_who_called_sudo(hall: Hall) -> None:
    ran = process(hall.path, "explain", "P1", MONDAY, SUDO_USER="li")
    assert ran.status == 0, ran
    line = log(hall)[-1]
    assert (line["who"], line["by"]) in (("li", "sudo"), (caller()[0], "session"))
    assert str(line["at"]).endswith("+08:00")


def test_a_log_that_cant_be_written_is_said_and_the_command_goes_on(hall: Hall) -> None:
    (hall.path / "access").rename(hall.path / "old")
    (hall.path / "access").write_text("no folder")
    ran = hall.run("explain", "P1", MONDAY)
    assert (ran.status, ONE in ran.out, str(hall.path / "access") in ran.err) == (0, True, True)


# reading it


def test_the_log_is_read_by_day_by_user_and_by_what_it_is_about(hall: Hall) -> None:
    for n, (who, about) in enumerate((("li", "P1"), ("wang", "P1"), ("li", "P2"))):
        line = LINE._replace(at=f"2026-1{n}-03 09:00:00+08:00", who=who, about={"subject": about})
        write(hall.path / "access", line)

    def found(*args: str) -> list[str]:
        told = json.loads(hall.done("access", *args, "--json"))
        return [x["at"][:10] for x in told["lines"] if x["at"] < "2026-12-31" and x["what"] == "explain"]

    assert found() == ["2026-10-03", "2026-11-03", "2026-12-03"]
    assert found("--who", "li", "--about", "P1") == ["2026-10-03"]
    assert found("--from", "2026-10-04", "--to", "2026-11-03") == ["2026-11-03"]
    assert found("--to", "2026-11-02", "--from", "2026-10-03") == ["2026-10-03"]
    assert "explain" in hall.done("access", "--about", "P2")
    assert hall.run("access", "--from", "2026-11-02", "--to", "2026-11-01").status == 2


def test_lines_that_cant_be_read_are_counted_and_the_others_shown(hall: Hall) -> None:
    file = hall.path / "access/2026-10.jsonl"
    file.write_bytes(b'{"at": 1\n\xff\n{}\n"x"\n' + json.dumps(LINE._asdict()).encode() + b"\n")
    ran = hall.run("access", "--to", "2026-12-31", "--json")
    told = json.loads(ran.out)
    assert (ran.status, told["unreadable"], "4" in ran.err) == (1, 4, True)
    assert Access(**told["lines"][0]) == LINE


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "access"
    write(folder, LINE)
    with (folder / "2026-11.jsonl").open("ab") as out:
        out.write(b'{"at": "2026')
    write(folder, LINE)
    assert read(folder) == Log((LINE, LINE), 1)


def test_lines_of_many_writers_at_once_are_all_there(tmp_path: Path) -> None:
    def many() -> None:
        for _n in range(50):
            write(tmp_path / "access", LINE)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(many) for _writer in range(4)]:
            done.result()
    assert read(tmp_path / "access") == Log((LINE,) * 200, 0)


def test_whatever_a_name_of_a_file_is_a_line_is_one_line(tmp_path: Path) -> None:
    odd = LINE._replace(about={"file": "a\n\udcff\u2028.csv"})
    write(tmp_path / "access", odd)
    assert [dict(x.about) for x in read(tmp_path / "access").lines] == [{"file": "a\n?\u2028.csv"}]


def test_a_folder_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert (read(tmp_path / "access"), expire(tmp_path / "access", parse_moment(LATER), 6)) == (Log((), 0), [])


# keeping it


@pytest.mark.parametrize(
    ("months", "left"),
    [
        (6, ["2026-05", "2026-10", "2026-11"]),
        (1, ["2026-05", "2026-10", "2026-11"]),
        (7, ["2026-04", "2026-05", "2026-10", "2026-11"]),
        (12, ["2025-11", "2026-04", "2026-05", "2026-10", "2026-11"]),
    ],
)
def test_a_month_goes_once_its_last_day_is_old_enough_and_never_before_half_a_year(
    tmp_path: Path, months: int, left: list[str]
) -> None:
    for month in ("2025-10", "2025-11", "2026-04", "2026-05", "2026-10", "2026-11"):
        (tmp_path / f"{month}.jsonl").write_text("{}\n")
    (tmp_path / "2019.jsonl").write_text("somebody's own")
    gone = expire(tmp_path, parse_moment("2026-11-01 00:00:00"), months)
    assert [file.stem for file in access.files(tmp_path)] == left
    assert len(gone) + len(left) == 6
    assert (tmp_path / "2019.jsonl").exists()


@pytest.mark.parametrize(("site", "folder", "file"), [(0o750, 0o750, 0o640), (0o770, 0o2770, 0o660)])
def test_the_group_may_write_where_it_may_in_the_site(tmp_path: Path, site: int, folder: int, file: int) -> None:
    tmp_path.chmod(site)
    write(tmp_path / "access", LINE)
    made = tmp_path / "access", tmp_path / "access/2026-11.jsonl"
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [folder, file]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_belongs_to_whom_the_site_belongs_to(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    write(tmp_path / "access", LINE)
    made = tmp_path / "access", tmp_path / "access/2026-11.jsonl"
    assert [(path.stat().st_uid, path.stat().st_gid) for path in made] == [(12345, 12345)] * 2


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "access").mkdir()
    (tmp_path / "access/2026-11.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        write(tmp_path / "access", LINE)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("login", "environ", "who"),
    [
        ("0", {"SUDO_USER": "li"}, ("root", "session")),
        ("4294967295", {"SUDO_USER": "li"}, ("li", "sudo")),
        ("4294967295", {}, (access.name_of(os.geteuid()), "user")),
        ("", {}, (access.name_of(os.geteuid()), "user")),
        ("54321", {}, ("54321", "session")),
    ],
)
def test_who_somebody_is_by_their_login_before_sudo_before_the_user(
    tmp_path: Path, login: str, environ: dict[str, str], who: tuple[str, str]
) -> None:
    (tmp_path / "loginuid").write_text(login)
    assert caller(environ, tmp_path) == who


def test_the_staff_file_of_this_test_is_noted_by_its_name_alone(hall: Hall) -> None:
    folder = hall.path / "某某的文件夹"
    folder.mkdir()
    assert hall.bring("staff", staff("P2")).status == 0
    hall.run("import", "staff", str(folder / "无.csv"))
    assert log(hall)[-1]["about"] == {"kind": "staff", "file": "无.csv"}
