"""What the access log's codes mean: commands, what is done at the desk, how it is known who somebody was."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from punchsync.texts import _, language
from punchsync.words import role

DESK: Final = "desk"


def action(code: str, by: str = "") -> str:
    """A command, or a way of the desk by the name under which it is noted; `by` is the line's, for what both have."""
    return said(code, by.startswith(DESK), language())


@lru_cache(maxsize=1000)
def said(code: str, at_desk: bool, language: str) -> str:
    """The same, kept by the language that is spoken."""
    thing, _blank, deed = code.partition(" ")
    noun, verb = things().get(thing), deeds().get(deed)
    made = "" if noun is None or verb is None else verb.format(what=noun)
    here, there = desk().get(code, "") or made, commands().get(code, "")
    return (here or there if at_desk else there or here) or code


def commands() -> dict[str, str]:
    """What was done on the command line."""
    return {
        "poll": _("读考勤机"),
        "resync": _("重新读取考勤机"),
        "import": _("导入文件"),
        "settle": _("核算"),
        "push": _("推送账目"),
        "bulletin": _("发布通报"),
        "contact set": _("登记收信地址"),
        "contact remove": _("删去收信地址"),
        "contact list": _("查看收信地址"),
        "contact import": _("导入收信地址"),
        "notice list": _("查看通知"),
        "notice resend": _("再送通知"),
        "notice drop": _("不再送通知"),
        "document attendance": _("出具考勤表"),
        "document sign-off": _("出具公示签字确认表"),
        "document month": _("出具月度简报"),
        "document slip": _("出具请假条"),
        "document letter": _("出具函"),
        "export": _("导出"),
        "explain": _("查看缘由"),
        "statement": _("出具对账单"),
        "person": _("导出本人资料"),
        "whatif": _("规则试算"),
        "appeal file": _("提出申诉"),
        "appeal decide": _("决定申诉"),
        "appeal list": _("查看申诉名单"),
        "appeal show": _("查看申诉"),
        "outcome list": _("查看后果名单"),
        "outcome confirm": _("确认后果"),
        "outcome drop": _("撤下后果"),
        "outcome reconsider": _("收回对后果的决定"),
        "period close": _("关账"),
        "period reopen": _("重新开账"),
        "account add": _("新建账号"),
        "account passwd": _("重设密码"),
        "account disable": _("停用账号"),
        "account enable": _("启用账号"),
        "account list": _("查看账号"),
        "verify": _("核验"),
        "access": _("查看查阅记录"),
        "backup": _("备份"),
        "restore": _("恢复备份"),
        "purge": _("清除到期数据"),
        "dump": _("导出考勤机记录"),
    }


def things() -> dict[str, str]:
    """What the desk keeps."""
    return {
        "account": _("账号"),
        "appeal": _("申诉"),
        "incident": _("督查记录"),
        "leave": _("请假"),
        "outage": _("停机"),
        "outing": _("外出"),
        "paper": _("补签"),
        "person": _("个人考勤"),
        "posting": _("任职"),
        "request": _("补卡申请"),
        "roster": _("排班"),
        "staff": _("人员"),
        "standin": _("顶岗"),
        "token": _("接口令牌"),
        "window": _("窗口考勤"),
    }


def deeds() -> dict[str, str]:
    """What is done with them; without a word it is looked at."""
    return {
        "": _("查看{what}"),
        "add": _("新建{what}"),
        "change": _("修改{what}"),
        "changed": _("修改{what}"),
        "copied": _("复制{what}"),
        "correct": _("改正{what}"),
        "corrected": _("改正{what}"),
        "day": _("查看一天的{what}"),
        "decided": _("决定{what}"),
        "ended": _("结束{what}"),
        "extend": _("延长{what}"),
        "filed": _("提出{what}"),
        "form": _("填写{what}"),
        "list": _("查看{what}名单"),
        "new": _("登记{what}"),
        "preview": _("预览{what}"),
        "register": _("登记{what}"),
        "revoke": _("吊销{what}"),
        "shown": _("查看{what}"),
        "sign": _("签署{what}"),
        "statement": _("出具{what}对账单"),
        "withdraw": _("作废{what}"),
        "withdrawn": _("作废{what}"),
    }


def desk() -> dict[str, str]:
    """What else was done at the desk."""
    return {
        "login": _("登录"),
        "login oidc": _("统一登录"),
        "logout": _("退出"),
        "logout elsewhere": _("退出别处的登录"),
        "password": _("换密码"),
        "account logout": _("结束账号的登录"),
        "accounts": _("查看账号"),
        "tokens": _("查看接口令牌"),
        "people": _("查看人员名单"),
        "tasks": _("查看待办"),
        "entry": _("查看账目缘由"),
        "violation": _("查看违规缘由"),
        "ledger": _("查看账目"),
        "ledger download": _("下载账目"),
        "ranking": _("查看排名"),
        "outcomes": _("查看后果"),
        "outcome decide": _("决定后果"),
        "bulletin preview": _("预览通报"),
        "bulletin show": _("查看通报"),
        "bulletin download": _("下载通报"),
        "document attendance": _("查看考勤表"),
        "document sign-off": _("查看签字确认表"),
        "document month": _("查看月度简报"),
        "document slip": _("查看请假条"),
        "document letter": _("查看函"),
        "document letter issue": _("发函"),
        "whatif stop": _("停止试算"),
        "whatif download": _("下载试算结果"),
        "audit": _("查看查阅记录"),
        "audit download": _("下载查阅记录"),
        "appeals": _("查看申诉名单"),
        "evidence": _("查看申诉证据"),
        "requests": _("查看补卡申请"),
        "leave calendar": _("查看请假日历"),
        "leave return": _("销假"),
        "staff left": _("办理离开"),
        "staff leave": _("办理离开"),
        "import looked at": _("预看导入文件"),
        "review": _("查看复核"),
        "ruling": _("复核裁定"),
        "defects": _("查看不良记录"),
        "suspicions": _("查看疑点"),
        "suspicion seen": _("疑点已阅"),
        "id mapped": _("指认考勤号"),
        "id punches": _("查看考勤号的打卡"),
        "device id given": _("登记考勤号对照"),
        "device id ended": _("结束考勤号对照"),
    }


def means(code: str) -> str:
    """How it is known who somebody was."""
    place, _blank, held = code.partition(" ")
    if place == DESK:
        return _("办公桌（{role}）").format(role=role(held)) if held else _("办公桌，未登录")
    if place == "api":
        return _("接口")
    return {"session": _("系统登录"), "sudo": "sudo", "user": _("系统用户")}.get(code, code)


def result(status: int) -> str:
    """What came of it: of a command its exit status, of a request its answer."""
    if status == 403:
        return _("拒绝")
    if status in (0, 1) or 200 <= status < 400:
        return _("完成")
    return _("没有做成（{status}）").format(status=status)
