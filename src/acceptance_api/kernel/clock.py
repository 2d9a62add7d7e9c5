"""Time: instants are UTC; legal days and months are those of Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Where the present comes from. Use cases take the moment as `at=`; only composition roots hold a clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(tz=UTC)


def legal_day(at: datetime) -> date:
    """The calendar day in China on which an instant falls: laws take effect and deadlines run by it."""
    return at.astimezone(SHANGHAI).date()


def legal_month(at: datetime) -> str:
    """The calendar month in China on which an instant falls, as `YYYY-MM`."""
    return legal_day(at).strftime("%Y-%m")


def start_of(day: date) -> datetime:
    """The first instant of a legal day, in UTC."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI).astimezone(UTC)


def legal_months(since: datetime, until: datetime) -> tuple[str, ...]:
    """Every legal month that the half-open period touches, oldest first."""
    day, last = legal_day(since).replace(day=1), legal_day(max(since, until))
    months = []
    while day <= last:
        months.append(day.strftime("%Y-%m"))
        day = (day + timedelta(days=32)).replace(day=1)
    return tuple(months)
