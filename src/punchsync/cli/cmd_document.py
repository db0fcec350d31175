"""`punchsync document`: records for the file (文书): grid, leave slip, sheet to sign, letter, the director's month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from punchsync.cli import verbs
from punchsync.cli.common import FormsType, on_site, open_site, say_json, timed
from punchsync.cli.ending import BAD_INPUT, NOTHING, USAGE, Ending, complain, unwritable
from punchsync.core.moment import Moment
from punchsync.core.period import months_of
from punchsync.texts import _
from punchsync.words import outcome_state

if TYPE_CHECKING:
    from punchsync.bootstrap.documents import Paper
    from punchsync.bootstrap.site import Site

F = TypeVar("F", bound=Callable[..., Any])


class MonthType(click.ParamType[str]):
    """`YYYY-MM`."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """A month, or a usage error with what was found and what is allowed."""
        text = str(value)
        try:
            if len(text) == 7 and text.isascii() and months_of(text) == [text]:
                return text
        except ValueError:
            pass
        return self.fail(_("写的是 {value}，应为 YYYY-MM，如 2026-11").format(value=repr(value)), param, ctx)


def written(function: F) -> F:
    """Adds what all of these commands share: `--out`, `--format`, `--as-of`, and the site's options."""
    out = click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help=_("写到哪里（默认：大厅的 documents/）"),
    )
    form = click.option(
        "--format", "forms", type=FormsType(), metavar="FORMS", help=_("文件格式，几种之间用逗号，如 docx,pdf")
    )
    return out(form(timed(on_site(function))))


by_month = click.option("--month", type=MonthType(), required=True, metavar="YYYY-MM", help=_("哪个月"))
by_window = click.option("--window", default="", metavar="NAME", help=_("只要这个窗口"))


@click.group("document", help=verbs()["document"])
def command() -> None:
    """Writes files; only letters are numbered and kept."""


@command.command("attendance", help=_("考勤表：每人每天一格，月底合计"))
@by_month
@by_window
@written
def attendance(
    site: Path, as_json: bool, as_of: Moment | None, month: str, window: str, forms: tuple[str, ...], out: Path | None
) -> int:
    """The attendance grid."""
    from punchsync.bootstrap import documents

    return write(site, as_json, as_of, forms, out, lambda s: documents.attendance(s.hall, month, window))


@command.command("slip", help=_("请假条：一次请假，交本人存档"))
@click.argument("leave", metavar=_("请假号"))
@written
def slip(site: Path, as_json: bool, as_of: Moment | None, leave: str, forms: tuple[str, ...], out: Path | None) -> int:
    """A leave slip."""
    from punchsync.bootstrap import documents

    return write(site, as_json, as_of, forms, out, lambda s: documents.slip_of(s.hall, leave))


@command.command("sign-off", help=_("公示签字确认表：关账前给每个人看过签字"))
@by_month
@by_window
@written
def sign_off(
    site: Path, as_json: bool, as_of: Moment | None, month: str, window: str, forms: tuple[str, ...], out: Path | None
) -> int:
    """The sheet to sign."""
    from punchsync.bootstrap import documents

    return write(site, as_json, as_of, forms, out, lambda s: documents.sign_off(s.hall, s.folder, month, window))


@command.command("letter", help=_("函：把一项已确认的后果告知派出单位，编号留存"))
@click.argument("outcome", metavar=_("后果编号"))
@written
def letter(
    site: Path, as_json: bool, as_of: Moment | None, outcome: str, forms: tuple[str, ...], out: Path | None
) -> int:
    """A letter on a confirmed outcome."""
    from punchsync.bootstrap import documents

    return write(site, as_json, as_of, forms, out, lambda s: documents.letter_issued(s.hall, s.folder, outcome))


@command.command("month", help=_("月度简报：本月与上月对照，一页"))
@by_month
@written
def month_(
    site: Path, as_json: bool, as_of: Moment | None, month: str, forms: tuple[str, ...], out: Path | None
) -> int:
    """The director's month."""
    from punchsync.bootstrap import documents

    return write(site, as_json, as_of, forms, out, lambda s: documents.month(s.hall, month))


def write(
    site: Path,
    as_json: bool,
    as_of: Moment | None,
    forms: tuple[str, ...] | None,
    out: Path | None,
    make: Callable[[Site], Paper],
) -> int:
    """Make a paper, write its files and say which; the exit status tells whether all of them are there."""
    from punchsync.bootstrap.documents import FOLDER, FORMS, printed
    from punchsync.bootstrap.pressing import PressFailed
    from punchsync.publish.files import put

    with open_site(site, as_of) as opened:
        paper = made(opened, make)
        try:
            result = printed(opened.house(), paper, forms or FORMS[paper.document.kind])
        except PressFailed as error:
            raise Ending(NOTHING, [str(error)]) from None
        folder = out or opened.folder / FOLDER
        files = {form: folder / f"{paper.name}.{form}" for form in result.files}
        for form, file in files.items():
            try:
                put(file, result.files[form])
            except OSError as error:
                raise unwritable(error.filename or file, error) from None
    number, unsure = paper.edition.number, paper.document.provisional
    if as_json:
        say_json(
            {
                "files": {form: str(file) for form, file in files.items()},
                "failed": dict(result.failed),
                "number": number or None,
                "provisional": unsure,
            }
        )
    for file in () if as_json else files.values():
        said = _("已写入 {file}（第 {number} 号）") if number else _("已写入 {file}")
        click.echo(said.format(file=file, number=number))
    if unsure and not as_json:
        click.echo(_("其中有还不清楚、没有审批完或没有结束的，文中已写明"))
    complain([_("没有做成 {form}：{reason}").format(form=form, reason=why) for form, why in result.failed.items()])
    return NOTHING if result.failed else 0


def made(site: Site, make: Callable[[Site], Paper]) -> Paper:
    """The paper, or why there is none."""
    from punchsync.operations.documents.letter import NoOutcome, NotConfirmed
    from punchsync.operations.documents.months import NotSettled, NoWindow
    from punchsync.operations.documents.slip import NoLeave

    try:
        return make(site)
    except NotSettled as error:
        raise Ending(
            NOTHING, [_("{month} 还没有核算过，没有可写的；先运行 punchsync settle").format(month=error)]
        ) from None
    except NoWindow as error:
        raise Ending(
            USAGE, [_("这个月没有人派在窗口 {window}；窗口名应与人员表一致").format(window=repr(str(error)))]
        ) from None
    except NoLeave as error:
        raise Ending(
            BAD_INPUT, [_("没有请假 {id}，或已经作废；请假号见请假文件的 leave_id").format(id=error)]
        ) from None
    except NoOutcome as error:
        raise Ending(BAD_INPUT, [_("没有编号 {id} 的后果；编号见 punchsync outcome list").format(id=error)]) from None
    except NotConfirmed as error:
        said = _("后果 {id} 是“{state}”，没有确认，不能发函；先运行 punchsync outcome confirm {id} --by 姓名")
        raise Ending(USAGE, [said.format(id=error.id, state=outcome_state(error.state))]) from None
