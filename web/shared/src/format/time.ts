// Instants and business dates on screen, in the utility's zone.

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(time: Date, zone: string): Record<string, string> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(time).map((part) => [part.type, part.value]));
}

export type Precision = "date" | "minute" | "second";

// "2026-10-31 23:59"; "" for a time that is not set.
export function formatTime(
  time: string | undefined, zone: string, precision: Precision = "minute",
): string {
  if (!time) return "";
  const part = partsOf(new Date(time), zone);
  const date = `${part.year}-${part.month}-${part.day}`;
  if (precision === "date") return date;
  const clock = `${part.hour}:${part.minute}`;
  return precision === "minute" ? `${date} ${clock}` : `${date} ${clock}:${part.second}`;
}

// Today in the zone, "2026-11-21".
export function today(zone: string, now: Date = new Date()): string {
  return formatTime(now.toISOString(), zone, "date");
}

export function addDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

// "2026-11" and -1 give "2026-10".
export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const index = year * 12 + number - 1 + months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
}
