import { expect, it } from "vitest";
import { decodeCsv } from "@/pages/admin/csvFile";

it("reads UTF-8 with and without its mark, and GB 18030 as spreadsheets write it", () => {
  expect(decodeCsv(new TextEncoder().encode("number,姓名"))).toBe("number,姓名");
  expect(decodeCsv(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe("a");
  expect(decodeCsv(new Uint8Array([0xd0, 0xd5, 0xc3, 0xfb]))).toBe("姓名");
});
