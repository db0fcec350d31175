"""Codes of the core in a reader's words."""

from __future__ import annotations

from punchsync.texts import _, spoken


@spoken
def kind(code: str) -> str:
    """A violation's kind."""
    return {
        "late": _("迟到"),
        "early": _("早退"),
        "off_post": _("脱岗"),
        "absent_half_day": _("旷工半天"),
        "wandering": _("串岗"),
        "private_work": _("干私活"),
        "games": _("玩游戏"),
        "no_badge": _("未佩证"),
        "window_empty": _("窗口无人在岗"),
        "missed_meeting": _("缺席会议"),
        "late_meeting": _("会议迟到"),
        "missed_study": _("缺席学习"),
        "missed_joint_review": _("缺席联审"),
        "late_joint_review": _("联审迟到"),
        "missed_weekly": _("缺席例会"),
        "late_weekly": _("例会迟到"),
        "missed_training": _("缺席培训"),
        "late_training": _("培训迟到"),
        "left_duty": _("值班脱岗"),
        "duty_harm": _("值班造成后果"),
        "leave_breach": _("违反请假制度"),
        "proxy_punch": _("代打卡"),
        "retroactive_leave": _("事后补假"),
        "uncovered": _("未派人代岗"),
        "leave_over": _("超假"),
        "low_presence": _("在岗率不足"),
    }.get(code, code)


@spoken
def occurrence(code: str, source_code: str) -> str:
    """A violation's kind, saying where it was derived."""
    return _("{kind}（折算）").format(kind=kind(code)) if source_code == "conversion" else kind(code)


@spoken
def state(code: str) -> str:
    """How a terminal stands."""
    return {
        "ok": _("正常"),
        "behind": _("落后"),
        "silent": _("没有声音"),
        "lost": _("有记录灭失"),
        "file_only": _("只从文件导入"),
    }.get(code, code)


@spoken
def verdict(code: str) -> str:
    """A verdict."""
    return {
        "normal": _("正常"),
        "late": _("迟到"),
        "early": _("早退"),
        "missing": _("缺卡"),
        "excused": _("免除"),
        "pending": _("未知"),
        "unverified": _("存疑"),
    }.get(code, code)


@spoken
def checkpoint(code: str) -> str:
    """A checkpoint's side."""
    return _("上班") if code == "in" else _("下班")


@spoken
def source(code: str) -> str:
    """Where a violation comes from."""
    return {
        "punch": _("打卡"),
        "incident": _("督查"),
        "leave": _("请假"),
        "outing": _("外出"),
        "standin": _("代岗"),
        "conversion": _("折算"),
        "threshold": _("累计"),
    }.get(code, code)


@spoken
def role(code: str) -> str:
    """What somebody is at the desk."""
    return {
        "clerk": _("经办"),
        "inspector": _("督查"),
        "leader": _("分管领导"),
        "window_lead": _("窗口负责人"),
        "unit": _("派驻单位"),
        "staff": _("本人"),
        "admin": _("管理员"),
    }.get(code, code)


@spoken
def account_state(code: str) -> str:
    """Whether an account of the desk may be used."""
    return {"active": _("可用"), "disabled": _("已停用")}.get(code, code)


@spoken
def account(code: str) -> str:
    """A kind of account."""
    return _("个人") if code == "person" else _("窗口")


@spoken
def outcome_state(code: str) -> str:
    """What has been decided on an outcome."""
    return {"proposed": _("待定"), "confirmed": _("已确认"), "dropped": _("已撤下")}.get(code, code)


@spoken
def appeal_outcome(code: str) -> str:
    """What has been decided on an appeal."""
    return {
        "open": _("待决定"),
        "upheld": _("维持"),
        "excused": _("免责"),
        "amended": _("改判"),
        "withdrawn": _("已撤回"),
        "moot": _("已无标的"),
    }.get(code, code)


@spoken
def appeal_stage(number: int) -> str:
    """A first appeal, or a review."""
    return _("申诉") if number == 1 else _("复核")


@spoken
def outcome(code: str) -> str:
    """What totals or scores lead to."""
    return {
        "award": _("获评"),
        "shortlisted": _("列入候选"),
        "award_barred": _("失去评先资格"),
        "notify_unit": _("通报派出单位"),
        "unqualified": _("不合格"),
        "returned_to_unit": _("退回派出单位"),
        "talk": _("约谈"),
        "replace_person": _("更换人员"),
        "star_minus_one": _("降一星"),
        "star_minus_two": _("降二星"),
        "grade_excellent": _("优秀"),
        "grade_qualified": _("合格"),
        "grade_unqualified": _("不合格"),
        "grade_competent": _("称职"),
        "grade_basic": _("基本称职"),
        "grade_incompetent": _("不称职"),
        "warning": _("警告"),
    }.get(code, code)


@spoken
def leave(code: str) -> str:
    """A kind of leave."""
    return {
        "official": _("公假"),
        "personal": _("事假"),
        "sick": _("病假"),
        "annual": _("年休假"),
        "marriage": _("婚假"),
        "maternity": _("产假"),
        "bereavement": _("丧假"),
        "family": _("探亲假"),
        "injury": _("工伤假"),
        "paternity": _("陪产假"),
        "childcare": _("育儿假"),
        "nursing": _("哺乳假"),
        "prenatal": _("产检假"),
        "compensatory": _("调休"),
        "other": _("其他假"),
    }.get(code, code)


@spoken
def sign_off(code: str) -> str:
    """Who signs a leave off."""
    return {
        "window_lead": _("窗口负责人"),
        "inspection": _("督查"),
        "unit_leader": _("单位领导"),
        "centre_leader": _("中心领导"),
        "centre": _("中心"),
    }.get(code, code)


@spoken
def post(code: str) -> str:
    """A post at a window."""
    return {"staff": _("窗口工作人员"), "lead": _("负责人"), "chief": _("首席")}.get(code, code)


@spoken
def period(code: str) -> str:
    """A kind of period."""
    return {"month": _("月"), "quarter": _("季"), "year": _("年")}.get(code, code)


@spoken
def bulletin(code: str) -> str:
    """A kind of bulletin."""
    return {
        "daily": _("日报"),
        "weekly": _("周报"),
        "monthly": _("月报"),
        "quarterly": _("季报"),
        "letter": _("函"),
    }.get(code, code)


@spoken
def weekday(number: int) -> str:
    """A weekday, 0 for Monday."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[number]


@spoken
def effect(code: str) -> str:
    """What a ruling does."""
    return {"excuse": _("免责"), "uphold": _("维持"), "amend": _("改判")}.get(code, code)


@spoken
def outage(code: str) -> str:
    """What a terminal could not do."""
    return {
        "no_punch": _("不能打卡"),
        "lost": _("记录灭失"),
        "unreachable": _("读不到，能打卡"),
    }.get(code, code)


@spoken
def transport(code: str) -> str:
    """How a record came."""
    return {
        "tcp": _("网络读机 TCP"),
        "udp": _("网络读机 UDP"),
        "file": _("文件"),
        "push": _("考勤机推送"),
        "paper": _("补签"),
    }.get(code, code)


@spoken
def claim(code: str) -> str:
    """By what a device user id is somebody's."""
    return {
        "terminal": _("本机对照"),
        "general": _("考勤号对照"),
        "staff": _("人员表"),
        "number": _("按数值相同"),
    }.get(code, code)


@spoken
def day_kind(code: str) -> str:
    """What kind of day it is."""
    return {
        "work": _("工作日"),
        "off": _("休息日"),
        "am_off": _("上午休息"),
        "pm_off": _("下午休息"),
        "unknown": _("没有公布的年份"),
    }.get(code, code)


@spoken
def calendar(code: str) -> str:
    """What says what kind of day it is."""
    return {
        "override": _("本大厅日历"),
        "holiday": _("国务院放假安排"),
        "makeup": _("国务院调休安排"),
        "weekday": _("星期"),
        "unknown": _("没有公布的年份"),
    }.get(code, code)


@spoken
def defect(code: str) -> str:
    """Why a record can't be read as a punch."""
    return {
        "impossible_date": _("日期不可能"),
        "dead_clock": _("考勤机的钟停过"),
        "future": _("时刻在将来"),
        "empty_user_id": _("考勤号是空的"),
        "unreadable_user_id": _("考勤号读不出"),
        "unknown_slot": _("编号没有对应的人"),
        "changed_slot": _("编号换过人"),
        "foreign": _("换上的机器带来的旧记录"),
        "odd_code": _("方式或状态不认识"),
        "clock": _("考勤机的钟不可信"),
    }.get(code, code)


@spoken
def presence(code: str) -> str:
    """Where somebody is now."""
    return {
        "in": _("在岗"),
        "late": _("迟到在岗"),
        "left": _("已签退"),
        "not_in": _("未签到"),
        "awaited": _("待签到"),
        "unknown": _("未知"),
        "leave": _("请假"),
        "out": _("外出"),
        "before": _("未到上班时间"),
        "break": _("班间休息"),
        "over": _("已下班"),
        "off": _("休息"),
        "unrostered": _("没有排班"),
    }.get(code, code)


@spoken
def window_state(code: str) -> str:
    """How a window stands now."""
    return {
        "staffed": _("有人在岗"),
        "covered": _("有人顶岗"),
        "opening": _("等待签到"),
        "unknown": _("未知"),
        "empty": _("岗位空缺"),
        "closed": _("非上班时间"),
    }.get(code, code)
