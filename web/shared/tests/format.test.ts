import { describe, expect, it } from "vitest";
import {
  addDays, addMonths, formatFen, formatM3, formatPrice, formatTime, newRequestId, parseM3,
  parsePrice, parseYuan, plainFen, today,
} from "../src";

describe("formatFen", () => {
  it.each([
    ["0", "0.00"],
    ["7", "0.07"],
    ["-7", "-0.07"],
    ["123456", "1,234.56"],
    ["-100000000", "-1,000,000.00"],
    ["9223372036854775807", "92,233,720,368,547,758.07"],
  ])("shows %s as %s", (fen, text) => {
    expect(formatFen(fen)).toBe(text);
    expect(parseYuan(text)).toBe(fen.length > 17 ? null : BigInt(fen));
  });

  it("leaves grouping out of a field", () => {
    expect(plainFen("123456")).toBe("1234.56");
  });
});

describe("parseYuan", () => {
  it.each([
    ["12", 1200n],
    ["12.", 1200n],
    ["12.5", 1250n],
    ["12.50", 1250n],
    ["12.500", 1250n],
    [" 1,234.05 ", 123405n],
    ["１２。５", 1250n],
    ["￥8", 800n],
    ["-3", -300n],
  ])("takes %s", (text, fen) => {
    expect(parseYuan(text)).toBe(fen);
  });

  it.each(["", "abc", "1.234", "1.2.3", ".", "1e3", "--1", "0x10"])("refuses %j", (text) => {
    expect(parseYuan(text)).toBeNull();
  });
});

describe("volume and price", () => {
  it.each([
    ["0", "0.000", "0"],
    ["12345000", "12.345", "12.345"],
    ["12000000", "12.000", "12"],
    ["-500000", "-0.500", "-0.5"],
    ["1234567000001", "1,234,567.000001", "1,234,567.000001"],
  ])("shows %s ml as %s, or %s", (ml, fixed, whole) => {
    expect(formatM3(ml)).toBe(fixed);
    expect(formatM3(ml, true)).toBe(whole);
    expect(parseM3(fixed)).toBe(BigInt(ml));
  });

  it.each([
    ["2070000", "2.07"],
    ["3000000", "3.00"],
    ["1234567", "1.234567"],
    ["950000", "0.95"],
    ["2105000", "2.105"],
  ])("shows %s millionths as %s", (micro, text) => {
    expect(formatPrice(micro)).toBe(text);
    expect(parsePrice(text)).toBe(BigInt(micro));
  });
});

describe("time", () => {
  it("is shown in the utility's zone", () => {
    expect(formatTime("2026-10-31T16:00:00Z", "Asia/Shanghai")).toBe("2026-11-01 00:00");
    expect(formatTime("2026-10-31T16:00:00Z", "Asia/Shanghai", "date")).toBe("2026-11-01");
    expect(formatTime(undefined, "Asia/Shanghai")).toBe("");
    expect(today("Asia/Shanghai", new Date("2026-10-31T16:00:00Z"))).toBe("2026-11-01");
  });

  it("moves over the ends of months and years", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
    expect(addMonths("2026-12", 1)).toBe("2027-01");
  });
});

describe("newRequestId", () => {
  it("is a UUIDv7 that carries its time", () => {
    const id = newRequestId(0x018f_0000_0001);
    expect(id).toMatch(/^018f0000-0001-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newRequestId()).not.toBe(newRequestId());
  });
});
