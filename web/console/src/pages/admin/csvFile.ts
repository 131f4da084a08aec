// A CSV file as text. Spreadsheets in Chinese write GB 18030 when UTF-8 is not asked for.
import { Problem } from "@karez/shared";

const kBytesMax = 8 * 1024 * 1024;

export function decodeCsv(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

export async function readCsv(file: File): Promise<string> {
  if (file.size > kBytesMax) throw new Problem(413, "FILE_TOO_LARGE", "");
  return decodeCsv(new Uint8Array(await file.arrayBuffer()));
}
