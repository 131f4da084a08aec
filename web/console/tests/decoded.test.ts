import { describe, expect, it } from "vitest";
import { asDecoded, bytesOf, coloured, textOf } from "@/pages/metering/decoded";

const kFrame = {
  valid: true, protocol: "cjt188", offset: 1, bytes: 3, status: "00FF", meter_type: "10",
  address: "7833", address_ok: true,
  fields: [
    { name: "start", offset: 0, length: 1, hex: "68" },
    { name: "address", offset: 1, length: 2, hex: "33 78" },
  ],
};

describe("a decoded frame", () => {
  it("colours each byte by its field, counted from the frame's start", () => {
    expect(coloured(bytesOf("fe 68:33-78,16"), asDecoded(kFrame))).toEqual([
      { hex: "FE", field: -1 }, { hex: "68", field: 0 }, { hex: "33", field: 1 },
      { hex: "78", field: 1 }, { hex: "16", field: -1 },
    ]);
  });

  it("shows values in the order of the frame, the rest by name", () => {
    expect(asDecoded(kFrame).values.map(([name]) => name)).toEqual([
      "address", "address_ok", "meter_type", "status",
    ]);
  });

  it("stands an answer without fields", () => {
    const decoded = asDecoded({ valid: false, protocol: "auto", fits: [] });
    expect(decoded).toMatchObject({ valid: false, fits: [], fields: [], next: [], position: null });
    expect(coloured(["68"], decoded)).toEqual([{ hex: "68", field: -1 }]);
  });

  it("names the protocol of which only the checksum is wrong, with that fault", () => {
    const decoded = asDecoded({
      valid: false, protocol: "auto", nearest: "cjt188", reason: "checksum", position: 33,
      computed_cs: "85", published_cs: "84", fits: [],
      tried: [{ valid: false, protocol: "cjt188", reason: "checksum" }],
    });
    expect(decoded).toMatchObject({
      nearest: "cjt188", reason: "checksum", position: 33, expected: "85", found: "84",
    });
    expect(decoded.tried).toHaveLength(1);
    expect(decoded.values.map(([name]) => name)).not.toContain("nearest");
  });

  it("keeps lists of objects apart from values", () => {
    const decoded = asDecoded({
      valid: true, protocol: "mbus", id: "70112345", raws: [1, 2], alarms: [],
      records: [{ name: "volume_m3", value: "1234.567" }],
    });
    expect(decoded.values.map(([name]) => name)).toEqual(["alarms", "id", "raws"]);
    expect(decoded.lists).toEqual([["records", [{ name: "volume_m3", value: "1234.567" }]]]);
  });

  it("writes nothing, lists and objects as text", () => {
    expect(textOf(null)).toBe("—");
    expect(textOf([1, null])).toBe("1  —");
    expect(textOf({ a: [1] })).toBe('{"a":[1]}');
  });
});
