"""M-Bus records, frames and telegrams made from the text of the rules, apart from our C++, and jmbus
as a process to ask about them."""

import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import peers

RANDOM = random.Random(13757)
HERE = Path(__file__).parent
CACHE = peers.ROOT / ".cache" / "jmbus"
BCD = {0x9: 1, 0xA: 2, 0xB: 3, 0xC: 4, 0xE: 6}
INTEGERS = {0x1: 1, 0x2: 2, 0x3: 3, 0x4: 4, 0x6: 6, 0x7: 8}
# VIF → exponent of the value in the unit that our names end in.
NUMBERS = {**{0x10 + n: n - 6 for n in range(8)}, **{0x38 + n: n - 6 for n in range(8)},
           **{0x00 + n: n - 6 for n in range(8)}, **{0x28 + n: n - 6 for n in range(8)},
           **{0x58 + n: n - 3 for n in range(4)}, **{0x5C + n: n - 3 for n in range(4)},
           **{0x64 + n: n - 3 for n in range(4)}}


class Record:
    """One record: its bytes, and what it must say."""

    def __init__(self, plain=False):
        self.function = 0 if plain else RANDOM.randrange(4)
        self.storage = RANDOM.choice([0, 0, 1, 2, 17, 300]) if not plain else 0
        self.tariff = RANDOM.choice([0, 0, 0, 1, 3]) if not plain else 0
        self.coding = RANDOM.choice([*BCD, *INTEGERS])
        self.vif = RANDOM.choice([*NUMBERS, 0x6C, 0x6D])
        if self.vif == 0x6C:
            self.coding, self.raw = 0x2, None
            self.date = (RANDOM.randint(0, 80), RANDOM.randint(1, 12), RANDOM.randint(1, 28), 0, 0)
            value = self.day_bytes()
        elif self.vif == 0x6D:
            self.coding, self.raw = 0x4, None
            self.date = (RANDOM.randint(0, 80), RANDOM.randint(1, 12), RANDOM.randint(1, 28),
                         RANDOM.randrange(24), RANDOM.randrange(60))
            value = bytes([self.date[4], self.date[3]]) + self.day_bytes()
        elif self.coding in BCD:
            size = BCD[self.coding]
            self.raw = RANDOM.randrange(10 ** (2 * size))
            value = bytes.fromhex(f"{self.raw:0{2 * size}d}")[::-1]
        else:
            size = INTEGERS[self.coding]
            self.raw = RANDOM.randrange(-(1 << 8 * size - 1) + 1, (1 << 8 * size - 1))
            value = self.raw.to_bytes(size, "little", signed=True)
        self.bytes = self.head() + value

    def day_bytes(self):
        year, month, day = self.date[:3]
        return bytes([day | (year & 7) << 5, month | year >> 3 << 4])

    def head(self):
        difes, storage, tariff = [], self.storage >> 1, self.tariff
        while storage or tariff:
            difes.append(storage & 15 | (tariff & 3) << 4)
            storage, tariff = storage >> 4, tariff >> 2
        dif = self.coding | self.function << 4 | (self.storage & 1) << 6
        chain = [dif, *difes]
        return bytes(b | (0x80 if i + 1 < len(chain) else 0) for i, b in enumerate(chain)) + bytes(
            [self.vif])

    def value(self):
        """As our JSON must show it: a Decimal, or the text of a date."""
        if self.raw is None:
            text = "20%02d-%02d-%02d" % self.date[:3]
            return text if self.vif == 0x6C else text + "T%02d:%02d" % self.date[3:]
        return Decimal(self.raw).scaleb(NUMBERS[self.vif])


def body(records):
    return b"".join(record.bytes for record in records)


def wired(records):
    number = bytes.fromhex(f"{RANDOM.randrange(10 ** 8):08d}")
    header = number + bytes([0x93, 0x15, 0x0A, 0x07, RANDOM.randrange(256), 0, 0, 0])
    user = bytes([0x08, RANDOM.randrange(251), 0x72]) + header + body(records)
    return bytes([0x68, len(user), len(user), 0x68]) + user + bytes([sum(user) & 0xFF, 0x16])


def some(count, limit, plain=False):
    """Lists of records whose bodies stay within `limit` bytes."""
    for _ in range(count):
        records, size = [], 0
        for _ in range(RANDOM.randint(1, 12)):
            record = Record(plain)
            if size + len(record.bytes) > limit:
                break
            records.append(record)
            size += len(record.bytes)
        yield records


def ours_agree(said, records):
    """Whether our answer says exactly what was put in."""
    found = said.get("records", [])
    if len(found) != len(records):
        return False
    for mine, record in zip(found, records):
        value, head = mine["value"], record.head().hex(" ").upper()
        if mine["head"] != head or mine["storage"] != record.storage:
            return False
        if record.raw is None:
            if value != record.value():
                return False
        elif value is None:  # −1 in a counter says "no value"
            if record.raw != -1 or record.coding not in INTEGERS:
                return False
        elif Decimal(str(value)) != record.value():
            return False
    return True


class Jmbus:
    """The peer of jmbus/, built on first use."""

    def __init__(self):
        classes, jars = CACHE / "classes", CACHE / "jars"
        source = HERE / "jmbus" / "src" / "main" / "java" / "peer" / "Peer.java"
        stamp = CACHE / "Peer.java"
        if not stamp.exists() or stamp.read_bytes() != source.read_bytes():
            shutil.rmtree(CACHE, ignore_errors=True)
            subprocess.run(["mvn", "-q", "-B", "-f", HERE / "jmbus" / "pom.xml",
                            "dependency:copy-dependencies", f"-DoutputDirectory={jars}"], check=True)
            subprocess.run(["javac", "-cp", f"{jars}/*", "-d", classes, source], check=True)
            stamp.write_bytes(source.read_bytes())
        self.process = subprocess.Popen(["java", "-cp", f"{jars}/*:{classes}", "peer.Peer"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def jmbus_agrees(answer, records):
    """Whether jmbus' line says exactly what was put in."""
    words = answer.split(" ")
    if words[0] != "read" or len(words) - 1 != len(records):
        return False
    for word, record in zip(words[1:], records):
        dib, vib, _, storage, tariff, _, _, value, _ = word.split(",")
        if dib + vib != record.head().hex() or int(storage) != record.storage:
            return False
        if int(tariff) != record.tariff:
            return False
        if record.raw is None:
            if not value.startswith(record.value()):
                return False
        elif not value.lstrip("-").isdigit() or int(value) != record.raw:
            return False
    return True
