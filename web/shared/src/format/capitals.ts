// Amounts in Chinese capitals (大写) as cheques and receipts carry them, after 支付结算办法:
// 元 and 角 are closed with 整, a gap of zeros inside a group or between groups is read 零 once,
// and 零 stands before 分 when there is no 角.

const kDigits = "零壹贰叁肆伍陆柒捌玖";
const kPlaces = ["", "拾", "佰", "仟"];
const kGroups = ["", "万", "亿", "万亿"];

// Four digits: [1, 0, 2, 0] → 壹仟零贰拾. Leading zeros are the caller's.
function groupText(group: number): string {
  let text = "";
  let gap = false;
  for (let place = 3; place >= 0; --place) {
    const digit = Math.floor(group / 10 ** place) % 10;
    if (digit === 0) {
      gap = text !== "";
      continue;
    }
    text += (gap ? "零" : "") + kDigits[digit] + kPlaces[place];
    gap = false;
  }
  return text;
}

function yuanText(yuan: bigint): string {
  const groups: number[] = [];
  for (let rest = yuan; rest > 0n; rest /= 10_000n) groups.push(Number(rest % 10_000n));
  let text = "";
  let gap = false;
  for (let index = groups.length - 1; index >= 0; --index) {
    const group = groups[index]!;
    if (group === 0) {
      gap = text !== "";
      continue;
    }
    // 仟 missing in a later group, or a whole group missing before it, is one 零.
    if (text !== "" && (gap || group < 1000)) text += "零";
    text += groupText(group) + kGroups[index];
    gap = false;
  }
  return text;
}

// |fen| < 10^18. A negative amount is led by 负.
export function capitals(fen: string | bigint): string {
  const value = BigInt(fen);
  if (value === 0n) return "零元整";
  const positive = value < 0n ? -value : value;
  const yuan = positive / 100n;
  const jiao = Number((positive / 10n) % 10n);
  const cents = Number(positive % 10n);
  let text = value < 0n ? "负" : "";
  if (yuan > 0n) text += yuanText(yuan) + "元";
  if (jiao > 0) text += kDigits[jiao] + "角";
  if (cents === 0) return text + "整";
  if (jiao === 0 && yuan > 0n) text += "零";
  return text + kDigits[cents] + "分";
}
