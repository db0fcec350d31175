"""What is handed over of a person, in words: what each part is, why and how long it is kept; its columns and codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from punchsync import words
from punchsync.texts import _

Words = Callable[[str], str] | Mapping[str, str]

CODES: Final[Mapping[tuple[str, str], Callable[[str], str]]] = {
    ("", "verdict"): words.verdict,
    ("", "would"): words.verdict,
    ("", "checkpoint"): words.checkpoint,
    ("violations", "kind"): words.kind,
    ("appeals", "kind"): words.kind,
    ("violations", "source"): words.source,
    ("appeals", "source"): words.source,
    ("appeal_decisions", "outcome"): words.appeal_outcome,
    ("appeal_decisions", "as_kind"): words.kind,
    ("outcomes", "outcome"): words.outcome,
    ("decisions", "outcome"): words.outcome,
    ("decisions", "state"): words.outcome_state,
    ("defects", "reason"): words.defect,
    ("accounts", "role"): words.role,
    ("accounts", "state"): words.account_state,
    ("", "subject_type"): words.account,
    ("", "account_type"): words.account,
}
"""Columns of codes, by the part that they are in or of any part, and their words."""


class Keeping(NamedTuple):
    """How many years (of the access log: months) each is kept; None: for good."""

    punches: int | None
    records: int | None
    bulletins: int | None
    names: int | None
    access: int


def parts(keeping: Keeping) -> dict[str, tuple[str, str, str]]:
    """Of every part: what it is, why it is kept, how long."""
    punches, records, bulletins, names = (
        years(n) for n in (keeping.punches, keeping.records, keeping.bulletins, keeping.names)
    )
    good, access = _("一直保存"), _("{n} 个月").format(n=keeping.access)
    judged = _("按规章判定考勤")
    booked = _("计分、对账，可查可纠正")
    heard = _("受理申诉")
    proof = _("证明何时公布了什么")
    return {
        "names": (_("姓名与化名"), _("通报、对账单上写姓名；别处只用化名与工号"), names),
        "records": (_("登记"), judged, records),
        "mentions": (_("别处提到您"), _("谁经手、谁顶岗"), records),
        "device_ids": (_("考勤机上的编号"), _("认出打卡是谁的"), punches),
        "punches": (_("打卡，连同考勤机给出的原始字节"), _("判定的依据，可以核对"), punches),
        "defects": (_("可能是您的异常记录"), _("免得因读不懂的记录扣分"), punches),
        "verdicts": (_("各考勤点的判定"), judged, good),
        "violations": (_("违规"), judged, good),
        "tallies": (_("月统计"), judged, good),
        "facts": (_("月度事实"), judged, good),
        "standings": (_("每月违规次数与时长"), judged, good),
        "ledger": (_("账目"), booked, good),
        "deliveries": (_("送往评分库的账目"), _("核对送了什么、送到没有"), good),
        "scores": (_("得分"), booked, good),
        "outcomes": (_("后果"), booked, good),
        "decisions": (_("对后果的决定"), booked, good),
        "ranks": (_("排名"), booked, good),
        "appeals": (_("申诉"), heard, records),
        "evidence": (_("申诉证据"), heard, records),
        "appeal_decisions": (_("对申诉的决定"), heard, records),
        "bulletins": (_("提到您的通报"), proof, bulletins),
        "notices": (_("提到您的通知"), proof, good),
        "contacts": (_("您的收信地址"), _("记账和冲回时通知您"), _("随时可以删去，与姓名同时清除")),
        "accounts": (_("网页账号"), _("凭账号登录网页"), _("停用并离岗以后，与姓名同时清除")),
        "logins": (_("网页登录"), _("保持登录状态"), _("退出或过期就删去")),
        "tokens": (_("接口令牌"), _("程序凭令牌取数"), _("与账号同时清除")),
        "access": (_("谁查阅过您的信息"), _("查阅可以追查"), access),
    }


def years(n: int | None) -> str:
    """A term of whole years."""
    return _("一直保存") if n is None else _("{n} 个整年").format(n=n)


def heads() -> dict[str, str]:
    """Columns as people read them."""
    return {
        "version": _("版本"), "stored_at": _("存入时间"), "alias": _("化名"), "salt": _("盐"), "name": _("姓名"),
        "where": _("在哪里"), "key": _("编号"), "column": _("哪一项"), "at": _("时间"), "terminal": _("考勤机"),
        "device_user_id": _("考勤号"), "slot": _("机内位置"), "as_written": _("考勤机所写时间"), "verify": _("方式"),
        "state": _("状态"), "number": _("序号"), "reading": _("第几次读取"), "position": _("位置"),
        "ordinal": _("同样的第几条"), "raw": _("原始字节（十六进制）"), "reason": _("原因"), "users": _("可能的考勤号"),
        "first_at": _("最早时间"), "last_at": _("最晚时间"), "day": _("日期"), "person": _("工号"),
        "session": _("半天"), "checkpoint": _("考勤点"), "due": _("应到时间"), "punch": _("打卡"),
        "verdict": _("判定"), "seconds": _("秒数"), "would": _("若有记录则为"), "month": _("月份"), "id": _("编号"),
        "kind": _("类别"), "window": _("窗口"), "unit": _("单位"), "source": _("来源"), "phase": _("阶段"),
        "warned": _("已指出"), "cause": _("事由"), "ruling": _("裁定"), "rule": _("规则"), "article": _("条款"),
        "required_sessions": _("应到半天"), "late": _("迟到"), "early": _("早退"), "off_post": _("脱岗"),
        "absent_half_days": _("旷工半天"), "in_post_days": _("在岗天数"), "leave_official": _("公假半天"),
        "leave_personal": _("事假半天"), "leave_sick": _("病假半天"), "leave_other": _("其他假半天"),
        "subject_type": _("对象类别"), "subject_id": _("对象"), "value": _("值"), "violations": _("违规次数"),
        "height": _("账目序号"), "entry_id": _("账目编号"), "booked_on": _("记账日"), "revision": _("次"),
        "account_type": _("账户类别"), "account_id": _("账户"), "category": _("科目"), "period": _("期间"),
        "points": _("分值"), "value_date": _("违规日期"), "reverses": _("冲回"), "pack": _("规则包"),
        "previous": _("前一笔指纹"), "hash": _("指纹"), "store": _("评分库"), "tried_at": _("送出时间"),
        "given": _("别处给分"), "base": _("基础分"), "score": _("得分"), "outcome": _("事项"), "counted": _("计数"),
        "decided_by": _("决定人"), "note": _("附注"), "decided_at": _("决定时间"), "rank": _("名次"),
        "violation": _("违规编号"), "stage": _("第几次"), "filed_by": _("申诉人"), "role": _("身份"),
        "grounds": _("理由"), "filed_at": _("申诉时间"), "appeal": _("申诉编号"), "digest": _("指纹"),
        "as_kind": _("改判为"), "document": _("文书"), "year": _("年"), "issued_at": _("发出时间"),
        "lines": _("提到您的行数"), "passages": _("单独写您的行"), "channel": _("渠道"), "event": _("事件"),
        "made_at": _("生成时间"), "who": _("用户"), "by": _("由来"), "what": _("命令"), "about": _("关于"),
        "status": _("退出码"), "login": _("账号"), "windows": _("窗口"), "must_change": _("须改密码"),
        "failures": _("连续登录失败"), "locked_until": _("锁定到"), "changed_at": _("修改时间"),
        "seen_at": _("最近使用"), "address": _("地址"), "agent": _("浏览器"), "scopes": _("权限范围"),
        "ends_at": _("到期时间"), "used_at": _("最近使用"), "revoked_at": _("收回时间"),
    }  # fmt: skip


def desk_kinds() -> dict[str, str]:
    """The kinds of records that only the desk writes."""
    return {"request": _("补卡申请"), "sign": _("请假审批"), "looked": _("可疑情况的处理")}


def own_heads() -> dict[str, dict[str, str]]:
    """Columns that mean something else in one part than in the others."""
    return {
        "records": {
            "request_id": _("申请号"),
            "person_id": _("工号"),
            "leave_id": _("请假号"),
            "sign_off": _("审批"),
            "given": _("是否同意"),
            "by": _("经手人"),
            "suspicion_id": _("可疑情况编号"),
            "terminal_id": _("考勤机"),
            "other_id": _("另一人工号"),
            "through": _("看到何时为止"),
            "filed_by": _("申请人"),
            "filed_at": _("申请时间"),
        },
        "evidence": {"name": _("文件名")},
        "appeals": {"late": _("过期仍受理的理由")},
        "accounts": {"subject": _("统一登录标识"), "role": _("角色")},
        "tokens": {"name": _("用途")},
    }
