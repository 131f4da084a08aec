"""The fleet as a pure function: who exists, and what each meter says on each day.

deploy/local/demo.py registers what is planned here, terminals.py sends it. Volumes are litres,
always whole tens at the end of a day, because a frame carries hundredths of a cubic metre.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import functools
import zlib
from collections.abc import Iterator

import wire

ZONE = dt.timezone(dt.timedelta(hours=8))  # Asia/Shanghai, without summer time
SERIES = 0xD500                            # of the profile karez-hourly
BLOCK = 7                                  # meters in one message
LOOK_BACK = 2                              # days between an odd frame and the one it refers to
PROFILES = 64
JUMP_DAY, JUMP_LITRES = 3, 100_000

STORED, DUPLICATE, CHECKSUM, ANSWERED = "stored", "duplicate", "checksum", "answered"
UNKNOWN = "quarantined:unknown_device"
TIME = "quarantined:time_out_of_range"
IMPOSSIBLE = "quarantined:impossible_jump"
CONFLICT = "quarantined:conflict"


@dataclasses.dataclass(frozen=True)
class Tenant:
    code: str
    index: int
    prefix: str  # of its meter and account numbers


TENANTS = (Tenant("shule", 1, "SL"), Tenant("gaochang", 2, "GC"))


def number_of(text: str) -> int:
    """A number that looks random and never changes."""
    return zlib.crc32(text.encode())


def last_month(today: dt.date) -> str:
    return (today.replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")


@dataclasses.dataclass(frozen=True)
class Meter:
    tenant: Tenant
    index: int          # from 1
    base: int           # register at the beginning of the month
    habit: str          # "plain", "zero", "reverse", "jump"
    business: bool      # not a household: four times the volume

    @property
    def number(self) -> str:
        return f"{self.tenant.prefix}M{self.index:06d}"

    @property
    def address(self) -> str:
        return f"90{self.tenant.index:02d}{self.index:010d}"


@dataclasses.dataclass(frozen=True)
class Terminal:
    tenant: Tenant
    index: int
    acknowledged: bool
    meters: tuple[Meter, ...]

    @property
    def number(self) -> str:
        return f"86{self.tenant.index:02d}{0 if self.acknowledged else 1}{self.index:08d}"

    @property
    def blocks(self) -> int:
        """Messages a day."""
        return -(-len(self.meters) // BLOCK)


@dataclasses.dataclass(frozen=True)
class Frame:
    """`fields` are the journal's, as JSON text, from `kind` to `hours`."""
    data: bytes
    fields: str
    outcome: str


@dataclasses.dataclass(frozen=True)
class Planned:
    sequence: int
    frames: list[Frame]
    twice: bool  # sent a second time, although it was acknowledged


@dataclasses.dataclass(frozen=True)
class Plan:
    month: str
    days: int
    tenants: int = 2
    meters: int = 2000
    seed: int = 1

    @classmethod
    def of_month(cls, month: str, days: int | None = None, **more) -> Plan:
        """All days of the month, or its first ones. ValueError says what is wrong."""
        first = dt.date.fromisoformat(month + "-01")
        return cls(month, days or calendar.monthrange(first.year, first.month)[1], **more)

    def __post_init__(self) -> None:
        if not (1 <= self.tenants <= len(TENANTS) and 1 <= self.meters <= 1_000_000
                and 1 <= self.days <= self.days_in_month):
            raise ValueError(f"A plan has 1 to {len(TENANTS)} tenants, 1 to 1000000 meters and 1 to "
                             f"{self.days_in_month} days in {self.month}.")

    @functools.cached_property
    def first_day(self) -> dt.date:
        return dt.date.fromisoformat(self.month + "-01")

    @functools.cached_property
    def days_in_month(self) -> int:
        return calendar.monthrange(self.first_day.year, self.first_day.month)[1]

    def meters_of(self, tenant: Tenant) -> list[Meter]:
        habits = {5: "zero", 15: "reverse", 25: "jump"}
        return [Meter(tenant, i,
                      base=10 * (1000 + number_of(f"{self.seed}:{tenant.code}:{i}") % 90_000),
                      habit=habits.get(i % 100, "plain"), business=i % 20 == 0)
                for i in range(1, self.meters + 1)]

    def terminals_of(self, tenant: Tenant) -> list[Terminal]:
        meters = self.meters_of(tenant)
        size = 100 if self.meters >= 500 else 10
        kept = len(meters) - len(meters) // 5
        terminals = []
        for acknowledged, part in ((True, meters[:kept]), (False, meters[kept:])):
            for at in range(0, len(part), size):
                terminals.append(Terminal(tenant, len(terminals) + 1, acknowledged,
                                          tuple(part[at:at + size])))
        return terminals

    def terminals(self) -> list[Terminal]:
        return [terminal for tenant in TENANTS[:self.tenants]
                for terminal in self.terminals_of(tenant)]

    # -- what an acknowledged terminal keeps -----------------------------------------------------

    def messages(self, terminal: Terminal) -> Iterator[Planned]:
        """All of the month, in order; the sequence number follows from day and block."""
        voices = [Voice(self, meter) for meter in terminal.meters]
        sent: dict[tuple[int, int], list[tuple[Frame, Frame]]] = {}
        for day in range(self.days):
            for block in range(terminal.blocks):
                part = voices[block * BLOCK:(block + 1) * BLOCK]
                own = [voice.frames(day) for voice in part]
                sent[day, block] = own
                earlier = sent.pop((day - LOOK_BACK, block), None)
                odd, victim = self._odd(terminal, day, block)
                odd_before, late = self._odd(terminal, day - LOOK_BACK, block)
                frames = [frame for i, pair in enumerate(own) if odd != "late" or i != victim
                          for frame in pair]
                if earlier and odd_before == "late":
                    frames += earlier[late]
                    if odd in ("repeat", "conflict") and late == victim:
                        odd = ""
                if odd in ODD_FRAME:
                    frames.append(ODD_FRAME[odd](part[victim], day, earlier and earlier[victim]))
                yield Planned(1 + day * terminal.blocks + block, frames, odd == "twice")

    def message_count(self, terminal: Terminal) -> int:
        return self.days * terminal.blocks

    def _odd(self, terminal: Terminal, day: int, block: int) -> tuple[str, int]:
        """What is odd about a message, and the place of the meter concerned."""
        if day < 0:
            return "", 0
        dice = number_of(f"{self.seed}:{terminal.number}:{day}:{block}")
        kind = {0: "twice", 1: "broken", 2: "unknown", 3: "time", 4: "late", 5: "repeat",
                6: "conflict", 7: "impossible"}.get(dice % 100, "")
        if kind == "late" and day + LOOK_BACK >= self.days_in_month:
            kind = ""  # no message would bring it
        if kind in ("repeat", "conflict", "impossible") and day < LOOK_BACK:
            kind = ""
        meters = len(terminal.meters[block * BLOCK:(block + 1) * BLOCK])
        return kind, (dice >> 8) % meters


# -- what one meter says -----------------------------------------------------------------------


def _bcd4(value: int) -> bytes:
    return bytes.fromhex(f"{value:08d}")[::-1]


def _sealed(body: bytes) -> bytes:
    return body + bytes((sum(body) & 0xFF, wire.END))


@dataclasses.dataclass(frozen=True)
class DayProfile:
    """24 hourly volumes, once as the frame has them and once as the journal does."""
    total: int
    slots: bytes
    text: str

    @classmethod
    def of(cls, hours: list[int]) -> DayProfile:
        return cls(sum(hours), b"".join(wire.bcd(hour, 2) for hour in hours),
                   "[" + ",".join(str(hour * 1000) for hour in hours) + "]")


@functools.cache
def profiles(seed: int, scale: int) -> list[DayProfile]:
    made = []
    for kind in range(PROFILES):
        hours = [(number_of(f"{seed}:{kind}:{hour}") % (45 if 6 <= hour <= 22 else 6)) * scale
                 for hour in range(24)]
        hours[12] += -sum(hours) % 10
        made.append(DayProfile.of(hours))
    return made


NOTHING = DayProfile.of([0] * 24)
FLOOD = DayProfile.of([JUMP_LITRES // 24 + (hour < JUMP_LITRES % 24) for hour in range(24)])


class Voice:
    """The frames of one meter, day after day. Days are asked for in order."""

    def __init__(self, plan: Plan, meter: Meter):
        self._plan, self.meter = plan, meter
        self._head = (bytes((wire.START, wire.COLD_WATER)) + bytes.fromhex(meter.address)[::-1]
                      + bytes((wire.READ_REPLY,)))
        self._settled = _bcd4(meter.base // 10)
        self._minute = 50 + meter.index % 10
        self._profiles = profiles(plan.seed, 4 if meter.business else 1)
        self._phase = number_of(meter.address)
        self.litres = meter.base  # at the end of the last day asked for

    def _used(self, day: int) -> DayProfile:
        if self.meter.habit in ("zero", "reverse"):
            return NOTHING
        if self.meter.habit == "jump" and day == JUMP_DAY:
            return FLOOD
        return self._profiles[(self._phase + 37 * day) % PROFILES]

    def frames(self, day: int) -> tuple[Frame, Frame]:
        used, start = self._used(day), self.litres
        self.litres += -50 if self.meter.habit == "reverse" else used.total
        return self.reading(day, self.litres), self._series(day, start, used)

    def reading(self, day: int, litres: int, *, hour: int = 23, minute: int | None = None,
                year: int | None = None, outcome: str = STORED, address: str | None = None) -> Frame:
        date = self._plan.first_day + dt.timedelta(days=day)
        local = dt.datetime(year or date.year, date.month, date.day if not year else 1, hour,
                            self._minute if minute is None else minute, tzinfo=ZONE)
        status = b"\x00\x20" if self.meter.habit == "reverse" else b"\x00\x00"
        head = self._head if address is None else (
            self._head[:2] + bytes.fromhex(address)[::-1] + self._head[9:])
        data = _sealed(head + b"\x16\x1f\x90\x00" + _bcd4(litres // 10) + b"\x2c" + self._settled
                       + b"\x2c" + bytes.fromhex(local.strftime("%S%M%H%d%m%y20")) + status)
        utc = (local - dt.timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = (f'"kind":"reading","device_address":"{address or self.meter.address}",'
                  f'"device_time":"{utc}","value_ml":{litres * 1000}')
        return Frame(data, fields, outcome)

    def _series(self, day: int, start: int, used: DayProfile) -> Frame:
        date = self._plan.first_day + dt.timedelta(days=day)
        data = _sealed(self._head + b"\x3e\x00\xd5\x00" + bytes.fromhex(date.strftime("%d%m%y20"))
                       + _bcd4(start // 10) + b"\x2c" + used.slots + b"\x00\x00")
        fields = (f'"kind":"day","device_address":"{self.meter.address}","device_time":"{date}",'
                  f'"value_ml":{used.total * 1000},"hours":{used.text}')
        return Frame(data, fields, STORED)


def _broken(voice: Voice, day: int, _earlier) -> Frame:
    frame = voice.reading(day, voice.litres, outcome=CHECKSUM)
    data = bytearray(frame.data)
    data[-2] ^= 0x55
    return dataclasses.replace(frame, data=bytes(data))


def _unknown(voice: Voice, day: int, _earlier) -> Frame:
    """Of an address that nobody registers."""
    return voice.reading(day, voice.litres, outcome=UNKNOWN,
                         address="99" + voice.meter.address[2:])


def _time(voice: Voice, day: int, _earlier) -> Frame:
    return voice.reading(day, voice.litres, year=2037, outcome=TIME)


def _impossible(voice: Voice, day: int, _earlier) -> Frame:
    """500 m³ at noon."""
    return voice.reading(day, voice.litres + 500_000, hour=12, minute=0, outcome=IMPOSSIBLE)


def _repeat(voice: Voice, day: int, earlier: tuple[Frame, Frame]) -> Frame:
    """In a message of its own, so that only the value tells it."""
    return dataclasses.replace(earlier[day % 2], outcome=DUPLICATE)


def _conflict(voice: Voice, day: int, earlier: tuple[Frame, Frame]) -> Frame:
    """The reading of two days ago with ten litres more."""
    told = int(earlier[0].fields.rsplit(":", 1)[1]) // 1000
    return voice.reading(day - LOOK_BACK, told + 10, outcome=CONFLICT)


ODD_FRAME = {"broken": _broken, "unknown": _unknown, "time": _time, "impossible": _impossible,
             "repeat": _repeat, "conflict": _conflict}
