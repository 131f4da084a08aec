// A tariff in numbers that people read: one row a component, one column a tier.
import type { TariffDefinition } from "@karez/shared";

type Component = TariffDefinition["components"][number];
type Tier = NonNullable<Component["tiered"]>["tiers"][number];

const kMillion = 1_000_000n;

export interface PriceCell {
  // Millionths of a yuan per m³.
  price: bigint;
  // How it is given when it is not a price of its own: "× 1.5", "+ 0.70".
  ratioMillionths?: string;
  markupMicroYuan?: string;
}

// Prices that hang on the first tier's are worked out; billing rounds its own way, this is to read.
export function priceOf(tier: Tier, first: Tier): PriceCell {
  const base = BigInt(first.priceMicroYuan ?? "0");
  if (tier.ratioMillionths !== undefined) {
    const price = (base * BigInt(tier.ratioMillionths)) / kMillion;
    return { price, ratioMillionths: tier.ratioMillionths };
  }
  if (tier.markupMicroYuan !== undefined) {
    return { price: base + BigInt(tier.markupMicroYuan), markupMicroYuan: tier.markupMicroYuan };
  }
  return { price: BigInt(tier.priceMicroYuan ?? "0") };
}

// Upper limits in millilitres of the tiers, from the first tiered component (all share them).
export function limitsOf(definition: TariffDefinition): (string | undefined)[] {
  const tiered = definition.components.find((component) => component.tiered);
  return tiered?.tiered?.tiers.map((tier) => tier.upperLimitMl) ?? [];
}

// Decimal text of a ratio in millionths: "1500000" is "1.5".
export function ratioText(millionths: string): string {
  const value = BigInt(millionths);
  const fraction = (value % kMillion).toString().padStart(6, "0").replace(/0+$/, "");
  return `${value / kMillion}${fraction ? `.${fraction}` : ""}`;
}
