"""What is found of a hall and its terminals, in words, with what to do."""

from __future__ import annotations

from punchsync.operations.finding import Finding
from punchsync.texts import _


def remedy(code: str) -> str:
    """What a failed read means and what to do, by its code."""
    return {
        "refused": _("对方拒绝连接：检查考勤机是否开机、端口是否正确"),
        "timeout": _("限时内没有应答：检查网线、电源与网络"),
        "unreachable": _("找不到这个地址：检查 host 与网络"),
        "busy": _("接得通却不应答，多半正被别的软件占用：关掉那个软件的连接，稍后再读"),
        "wrong_key": _("通信密码不对：检查 comm_key 所指凭据与考勤机上的通信密码"),
        "encrypted": _("这台固件要求加密握手（6001），不能直接读取：改用 U 盘文件导入"),
        "push_only": _("这台固件只会主动上传（4989），没有可读的记录区：改用 U 盘文件导入"),
        "broken": _("应答中断或校验不符：稍后再读；反复出现请检查网线"),
        "short": _("收到的记录数与考勤机所报不符，没有采用：稍后再读"),
        "layout": _("记录格式不认识，没有采用，原文已另存：用 punchsync dump 取出交技术人员，或改用 U 盘文件导入"),
        "other_device": _(
            "这是另一台考勤机的序列号或记录，没有采用：检查 host 是否指错；"
            "确已换机的，运行 punchsync resync 并写明这台的编号"
        ),
        "emptied": _("考勤机里的记录全没了，没有采用：查明是谁清空；此前读到的都在"),
    }.get(code, code)


def words(f: Finding) -> str:
    """A finding in words, with what to do."""
    if f.code.startswith("read_"):
        return _("考勤机 {id}：{why}").format(id=f.about, why=remedy(f.code.removeprefix("read_")))
    templates = {
        "clock": _("时钟：{about}"),
        "clock_behind": _("时钟：现在 {about} 早于上次核算的 {value}；检查服务器时间"),
        "waiting": _("待核算：{about}；运行 punchsync settle"),
        "unpublished": _("日历：{about} 年没有公布放假安排；公布后用 punchsync import calendar 导入"),
        "own_calendar": _("日历：{about} 年按本大厅导入的 {value} 个休息日"),
        "calendar": _("日历：{about} 年已公布"),
        "staff": _("人员：今日在岗 {about} 人"),
        "no_staff": _("人员：今日无人在岗；用 punchsync import staff 导入"),
        "no_terminal": _("窗口 {about} 没有对应的考勤机，缺卡一律未知；检查 [[terminal]] 的 windows"),
        "unrostered": _("本月有 {value} 人在工作日没有排班：{about}；用 punchsync import roster 导入"),
        "roster_due": _("{about} 的排班应在月前排好，还有 {value} 人没有；用 punchsync import roster 导入"),
        "strangers": _("有 {value} 个考勤号无人认领：{about}；导入人员或考勤号对照"),
        "defects": _("有 {about} 条记录无法读成打卡，已原样保留；请到考勤机上核对"),
        "odd_times": _("考勤机 {about} 有未来或 2020 年以前的记录；检查考勤机时钟，这些记录不参与覆盖"),
        "no_beginning": _(
            "考勤机 {about} 没有写启用日，而记录从 {value} 才开始；请在 [[terminal]] 写 from，以免更早的日子被当作已读"
        ),
        "terminal": _("考勤机 {about}：可读，{value} 条记录"),
        "empty_log": _("考勤机 {about} 一条记录也没有；有人打卡之前，它的人员一律未知"),
        "clock_off": _("考勤机 {about} 的时钟差 {value} 秒；打卡已按时差校正，请校准"),
        "clock_set": _("考勤机 {about} 的时钟已按设置校准（{value} 秒）"),
        "clock_jumped": _("考勤机 {about} 的时钟被拨动过：{value} 秒；这段时间缺卡、迟到、早退的人存疑，请查明"),
        "clock_beyond": _("考勤机 {about} 的时钟差得太多：{value} 秒；按这个钟写下的打卡不作数，当事人存疑，请校准"),
        "set_back": _("考勤机 {about} 的记录时间倒退：{value}；查明是否有人拨钟打卡"),
        "replaced": _("考勤机 {about} 换了机器（序列号 {value}），已接续；两机之间读不到的一段不会扣分"),
        "layout_changed": _("考勤机 {about} 的记录格式变了（{value}），内容能接上，已采用；查明是否升级了固件"),
        "full_soon": _("考勤机 {about} 的记录快满了（{value}）；满了会丢最早的记录，请确认都已读到，再到机上清理"),
        "quiet": _("考勤机 {about} 今天是工作日却还没有一次打卡；查明是否停机，停机的用 import outage 登记"),
        "set_aside": _("考勤机 {about} 有一份读不懂的记录另存着：{value}；用 punchsync dump --aside 取出"),
        "shrunk": _("考勤机 {about} 的记录变少了（{value}）；查明是否被清空，已读到的都在"),
        "never_read": _("考勤机 {about} 从未读到，它的人员一律未知；读机或导入文件"),
        "retired_unread": _("停用的考勤机 {about} 没有读到最后一天 {value} 之后；再读一次，或导入文件并写明 --through"),
        "behind": _("考勤机 {about} 只读到 {value}；运行 punchsync poll"),
        "file_behind": _("考勤机 {about} 只从文件导入，完整到 {value}；请导入新文件"),
        "lost": _("考勤机 {about} 有一段记录灭失：{value}；这段时间的人不会被扣分，可补签或裁定"),
    }
    return templates[f.code].format(about=f.about, value=f.value)
