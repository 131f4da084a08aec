// Money on screen. Fen travel as decimal strings (int64) and are handled as bigint, never as float.

export type Fen = string | bigint;

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

// "-1,234.05". No sign of a currency: labels say 元.
export function formatFen(fen: Fen): string {
  const value = BigInt(fen);
  const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
  return `${value < 0n ? "-" : ""}${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

// "1234.05", as typed into a field.
export function plainFen(fen: Fen): string {
  return formatFen(fen).replaceAll(",", "");
}

// Full-width digits, the ideographic full stop and grouping signs, as Chinese input methods give.
function narrowed(text: string): string {
  return text
    .replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/[\uff0e\u3002]/g, ".")
    .replace(/[\uff0d\u2212]/g, "-")
    .replace(/[,\uff0c\s\u00a5\uffe5]/g, "");
}

// A plain decimal number scaled by 10^places; null when it is none or has more places.
export function parseDecimal(text: string, places: number): bigint | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(narrowed(text));
  if (!match) return null;
  const [, sign, whole = "", fraction = ""] = match;
  if (fraction.length > places && /[^0]/.test(fraction.slice(places))) return null;
  const scaled = BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
  return sign ? -scaled : scaled;
}

// Yuan as typed ("1,234.5") to fen; null when it is not an amount of at most two decimals.
export function parseYuan(text: string): bigint | null {
  return parseDecimal(text, 2);
}

// Price in millionths of a yuan: at least two decimals, at most six.
export function formatPrice(microYuan: string | bigint): string {
  const value = BigInt(microYuan);
  const digits = (value < 0n ? -value : value).toString().padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0{1,4}$/, "");
  return `${value < 0n ? "-" : ""}${grouped(digits.slice(0, -6))}.${fraction}`;
}

export function parsePrice(text: string): bigint | null {
  return parseDecimal(text, 6);
}
