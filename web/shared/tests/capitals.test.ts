import { describe, expect, it } from "vitest";
import { capitals } from "../src";

// The examples of 支付结算办法 and the gaps that are easily got wrong.
describe("capitals", () => {
  it.each([
    ["0", "零元整"],
    ["5", "伍分"],
    ["10", "壹角整"],
    ["99", "玖角玖分"],
    ["100", "壹元整"],
    ["105", "壹元零伍分"],
    ["110", "壹元壹角整"],
    ["1000", "壹拾元整"],
    ["1100", "壹拾壹元整"],
    ["140950", "壹仟肆佰零玖元伍角整"],
    ["600714", "陆仟零柒元壹角肆分"],
    ["10700053", "壹拾万柒仟元伍角叁分"],
    ["1640902", "壹万陆仟肆佰零玖元零贰分"],
    ["32504", "叁佰贰拾伍元零肆分"],
    ["168032", "壹仟陆佰捌拾元叁角贰分"],
    ["100000", "壹仟元整"],
    ["100100", "壹仟零壹元整"],
    ["101000", "壹仟零壹拾元整"],
    ["1000000", "壹万元整"],
    ["1000100", "壹万零壹元整"],
    ["1010000", "壹万零壹佰元整"],
    ["10000100", "壹拾万零壹元整"],
    ["100000000", "壹佰万元整"],
    ["101000000", "壹佰零壹万元整"],
    ["100100000", "壹佰万壹仟元整"],
    ["10000000000", "壹亿元整"],
    ["10000000001", "壹亿元零壹分"],
    ["10000000100", "壹亿零壹元整"],
    ["10000500000", "壹亿零伍仟元整"],
    ["10010000000", "壹亿零壹拾万元整"],
    ["12345678901234", "壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分"],
    ["100000000000000", "壹万亿元整"],
    ["-2070", "负贰拾元柒角整"],
  ])("writes %s fen as %s", (fen, text) => {
    expect(capitals(fen)).toBe(text);
  });

  it("never writes two zeros in a row and reads back to the same amount", () => {
    for (let fen = 1n; fen < 10n ** 12n; fen = fen * 3n + 7n) {
      const text = capitals(fen);
      expect(text).not.toContain("零零");
      expect(read(text)).toBe(fen);
    }
  });
});

// An independent reading, from the signs back to the number.
function read(text: string): bigint {
  const places: Record<string, bigint> = { 拾: 10n, 佰: 100n, 仟: 1000n };
  const units: Record<string, bigint> = { 亿: 10_000_000_000n, 万: 1_000_000n, 元: 100n, 角: 10n, 分: 1n };
  let fen = 0n;
  let group = 0n;
  let digit = 0n;
  for (const sign of text) {
    const value = "零壹贰叁肆伍陆柒捌玖".indexOf(sign);
    if (value >= 0) {
      digit = BigInt(value);
    } else if (places[sign]) {
      group += digit * places[sign];
      digit = 0n;
    } else if (units[sign]) {
      fen += (group + digit) * units[sign];
      group = digit = 0n;
    }
  }
  return fen;
}
