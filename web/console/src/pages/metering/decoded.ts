// The answer of the decode call as the page shows it. Its JSON has one shape in common: `valid`,
// what is wrong where it is not, and `fields` with their places; the rest differs by protocol.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Field {
  name: string;
  offset: number;
  length: number;
  hex: string;
  rejected?: string;
}

export type Row = { [key: string]: Json };

export interface Decoded {
  valid: boolean;
  protocol: string;
  // Every protocol that fits, when it was to be found out.
  fits: string[];
  // What is wrong: "checksum", "short", …
  reason: string;
  position: number | null;
  // Of the frame within the bytes given.
  offset: number;
  length: number;
  fields: Field[];
  // The frame's meaning, in the order of the answer; lists of objects apart.
  values: [string, Json][];
  lists: [string, Row[]][];
  // Frames behind the first.
  next: Decoded[];
  // When nothing fits: what each protocol finds wrong, and the one of which only the checksum is;
  // its fault is this one's.
  tried: Decoded[];
  nearest: string;
  // Of a wrong checksum: what it should be, and what was sent.
  expected: string;
  found: string;
}

const kShown = new Set([
  "valid", "protocol", "profile", "fits", "offset", "bytes", "fields", "next", "tried", "nearest",
]);

// Said in words above the bytes when there is no frame.
const kFault = new Set([
  "reason", "position", "expected", "found", "computed_cs", "published_cs",
]);

function isRows(value: Json): value is Row[] {
  return Array.isArray(value) && value.length > 0
    && value.every((item) => item !== null && typeof item === "object" && !Array.isArray(item));
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

export function asDecoded(frame: unknown): Decoded {
  const json = (frame ?? {}) as { [key: string]: Json };
  const fields = Array.isArray(json.fields) ? (json.fields as unknown as Field[]) : [];
  const fits = Array.isArray(json.fits) ? (json.fits as string[]) : [];
  // In the order of the frame as far as they are named like its fields; the rest follows by name.
  const place = (name: string) => {
    const at = fields.findIndex(
      (field) => name === field.name || name.startsWith(`${field.name}_`),
    );
    return at < 0 ? fields.length : at;
  };
  const valid = json.valid === true;
  const meaning = Object.entries(json).filter(
    ([name]) => !kShown.has(name) && (valid || !kFault.has(name)),
  );
  return {
    valid,
    protocol: String(json.protocol ?? ""),
    fits,
    reason: String(json.reason ?? ""),
    position: numberOf(json.position),
    offset: numberOf(json.offset) ?? 0,
    length: numberOf(json.bytes) ?? 0,
    fields,
    values: meaning
      .filter(([, value]) => !isRows(value))
      .sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b)),
    lists: meaning.filter((entry): entry is [string, Row[]] => isRows(entry[1])),
    next: Array.isArray(json.next) ? json.next.map(asDecoded) : [],
    tried: Array.isArray(json.tried) ? json.tried.map(asDecoded) : [],
    nearest: String(json.nearest ?? ""),
    expected: String(json.computed_cs ?? ""),
    found: String(json.published_cs ?? ""),
  };
}

// The bytes of hexadecimal text as two digits each; separators are passed over.
export function bytesOf(text: string): string[] {
  return (text.replace(/[\s:,-]/g, "").match(/../g) ?? []).map((byte) => byte.toUpperCase());
}

export interface ColouredByte {
  hex: string;
  // Index into `fields`, -1 for a byte outside of the frame.
  field: number;
}

// Each byte with the field it belongs to. Where fields overlap, the later, finer one wins.
export function coloured(bytes: readonly string[], decoded: Decoded): ColouredByte[] {
  const owner = new Array<number>(bytes.length).fill(-1);
  decoded.fields.forEach((field, index) => {
    const begin = decoded.offset + field.offset;
    for (let at = begin; at < begin + field.length && at < owner.length; ++at) owner[at] = index;
  });
  return bytes.map((hex, at) => ({ hex, field: owner[at]! }));
}

export function textOf(value: Json): string {
  if (value === null) return "—";
  if (Array.isArray(value)) {
    const plain = value.every((item) => item === null || typeof item !== "object");
    return plain ? value.map((item) => textOf(item)).join("  ") || "—" : JSON.stringify(value);
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
