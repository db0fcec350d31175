"""Alarms at the hour of each job to come, by APScheduler: they only call; what is due is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from datetime import time as midnight
from typing import Any
from zoneinfo import ZoneInfo

from punchsync.core.moment import DAY, Moment, day_of, show_moment, to_date
from punchsync.service.schedule import Job, rank


class Alarms:
    """A scheduler in memory, in the hall's zone: an alarm that is late still comes, and once."""

    def __init__(self, zone: ZoneInfo, call: Callable[[Job], object]) -> None:
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        self._zone, self._call = zone, call
        self._scheduler: Any = BackgroundScheduler(
            timezone=zone,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.start()

    def set(self, jobs: Iterable[Job]) -> None:
        """Alarms for these jobs and no others; one that is past comes at once."""
        from apscheduler.triggers.date import DateTrigger

        wanted = {alarm_id(job): job for job in jobs}
        for alarm in self._scheduler.get_jobs():
            if alarm.id not in wanted:
                alarm.remove()
        for id, job in wanted.items():
            trigger = DateTrigger(at(job.due, self._zone), timezone=self._zone)
            self._scheduler.add_job(self._call, trigger, [job], id=id, replace_existing=True)

    def end(self) -> None:
        """No alarm comes any more."""
        self._scheduler.shutdown(wait=False)


def alarm_id(job: Job) -> str:
    """An alarm's name: jobs of one moment begin in the order of these, a poll before what settles and publishes."""
    return f"{show_moment(job.due)} {rank(job.name)} {job.name}"


def at(moment: Moment, zone: ZoneInfo) -> datetime:
    """A moment of the hall as an instant; one that a zone leaves out is that much later."""
    return datetime.combine(to_date(day_of(moment)), midnight(), zone) + timedelta(seconds=moment % DAY)
