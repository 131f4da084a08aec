// Volume on screen: millilitres as int64 strings, shown as m³.
import { parseDecimal } from "./money";

const kMlPerCubicMetre = 1_000_000n;

// "12.345": three decimals, more only where the value has them, and none when `whole` is asked and
// the value is whole.
export function formatM3(ml: string | bigint, whole = false): string {
  const value = BigInt(ml);
  const positive = value < 0n ? -value : value;
  const units = (positive / kMlPerCubicMetre).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = (positive % kMlPerCubicMetre).toString().padStart(6, "0");
  const sign = value < 0n ? "-" : "";
  if (whole && rest === "000000") return sign + units;
  const fraction = whole ? rest.replace(/0+$/, "") : rest.replace(/0{1,3}$/, "");
  return `${sign}${units}.${fraction}`;
}

// m³ as typed to millilitres; null when it is not a number of at most six decimals.
export function parseM3(text: string): bigint | null {
  return parseDecimal(text, 6);
}

// For charts only, where a pixel is coarser than a double.
export function chartM3(ml: string | bigint): number {
  return Number(ml) / 1e6;
}
