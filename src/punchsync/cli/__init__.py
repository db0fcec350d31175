"""The command line: one module a verb, loaded only when it is called, so that `--help` stays quick.

It parses what a user typed, calls a use case and says what came of it. Not here: any decision about attendance.
"""

from __future__ import annotations

import gc
import importlib

import click

from punchsync import __version__
from punchsync.cli.language import speak
from punchsync.texts import _

speak()

COLLECTING = (50_000, 20, 100)
"""When garbage is looked for: a hall's records live as long as the work on them, and looking through a hundred thousand
of them at every few hundred more takes a fifth of the time of reading a log, and finds nothing."""


def verbs() -> dict[str, str]:
    """Every command with what it does in one line, in the order of a hall's work."""
    return {
        "demo": _("在一台机器上演示全部工作：模拟考勤机、读机、核算、通报"),
        "init": _("新建一个大厅的文件夹"),
        "check": _("检查设置、规则、数据、日历、考勤机、时钟、磁盘与权限"),
        "serve": _("运行服务：按时读机、核算、通报"),
        "status": _("服务的状态：各项任务上次、下次何时，有什么需要处理"),
        "poll": _("现在读考勤机，并核算有变化的部分"),
        "resync": _("断线之后完整重读，补齐覆盖并重新核算"),
        "import": _("导入人员、排班、请假、打卡等文件"),
        "settle": _("核算并记账"),
        "push": _("把账目推送到评分库，或与它对账"),
        "bulletin": _("生成通报"),
        "document": _("文书：考勤表、请假条、公示签字表、函、月度简报"),
        "export": _("导出打卡、判定、违规、账目、得分等"),
        "explain": _("说明某人某日，或某笔扣分的来历"),
        "statement": _("某人或某窗口一个月、一季、一年的扣分对账单"),
        "person": _("某人的全部留存信息，打成一个包交给本人"),
        "access": _("查阅记录：谁在何时看过、改过谁的信息"),
        "whatif": _("换一套规则，谁会多扣少扣：只比较，不改动"),
        "appeal": _("申诉与复核：提出、决定、列出"),
        "outcome": _("后果：列出、确认、撤下、恢复待定"),
        "period": _("月份：关账、重新开账、列出"),
        "rules": _("规则包：列出、阅读、检查、核对实例"),
        "calendar": _("日历：哪些年已公布、本大厅改了哪些日子、某天是什么日子"),
        "attention": _("需要有人处理的事：自何时起、怎么办；试发通知"),
        "notice": _("通知：没有送到的有哪些，再送一次，或不再送"),
        "contact": _("收信地址：本人的记账和冲回通知寄到哪里"),
        "account": _("网页账号：新建、换密码、停用、恢复、列出"),
        "verify": _("核对全部不变量，并从原始打卡重算"),
        "purge": _("按保留年数清除到期的打卡、记录、通报与姓名，不能恢复"),
        "backup": _("备份：全部数据与设置写成一个文件，并恢复一遍来核对；服务运行时也可以做"),
        "restore": _("恢复：把一份备份放回原处，或放到新的机器上"),
        "receiver": _("接收端：一个小的评分库，试送账目用，也是对接的样例"),
        "emulate": _("模拟考勤机"),
        "dump": _("把考勤机的记录存成脱敏的样本，可以用模拟考勤机重放"),
    }


class Verbs(click.Group):
    """A group whose commands are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands' names."""
        return list(verbs())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, from its module `cmd_<name>`."""
        if cmd_name not in verbs():
            return None
        command = importlib.import_module(f"punchsync.cli.cmd_{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section(_("命令")):
            formatter.write_dl(list(verbs().items()))


@click.group(
    cls=Verbs,
    help=_("punchsync：政务服务中心考勤。读考勤机，按本大厅的规则判定，记账，通报。"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--site", metavar="DIR", help=_("大厅的文件夹（默认：当前文件夹，否则 /etc/punchsync）"))
@click.version_option(__version__, message="punchsync %(version)s", help=_("显示版本"))
@click.pass_context
def group(ctx: click.Context, site: str | None) -> None:
    """Everything that a user can do."""
    ctx.obj = site


def main() -> None:
    """Run the command line; the process ends with the contract's exit status."""
    from punchsync.cli.ending import run

    gc.set_threshold(*COLLECTING)
    raise SystemExit(run(group))
