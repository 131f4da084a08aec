// The tariff form: text as typed, one grid of tiers for all tiered items, and its way to and from
// the API's definition. `fields` says where each path of the request stands in the form.
import {
  formatM3, formatPrice, parseDecimal, parseM3, parsePrice, type ComponentInput,
  type ComponentKind, type ComponentPayee, type TariffDefinition, type TariffDefinitionInput,
  type TierInput,
} from "@karez/shared";
import { priceOf, ratioText } from "./tariffText";

export interface ComponentForm {
  code: string;
  name: string;
  kind: ComponentKind;
  payee: ComponentPayee;
  // Percent of the volume it is charged on.
  percent: string;
  tiered: boolean;
  flatPrice: string;
  // One price a tier.
  prices: string[];
}

export interface TariffForm {
  code: string;
  name: string;
  effectiveFrom: string;
  components: ComponentForm[];
  // Upper limits in m³ of all tiers but the last.
  limits: string[];
  period: "PERIOD_CALENDAR_YEAR" | "PERIOD_CALENDAR_MONTH";
  byMonths: boolean;
  monthsPerBill: number;
  allowance: boolean;
  method: "METHOD_SHIFT_ALL" | "METHOD_TIER1_ONLY";
  basePersons: number;
  perPerson: string;
  fixed: string;
  maxPersons: number;
}

export function newComponent(kind: ComponentKind, code: string, name: string): ComponentForm {
  return {
    code, name, kind, tiered: false, percent: "100", flatPrice: "", prices: [],
    payee: kind === "KIND_WATER" ? "PAYEE_UTILITY" : "PAYEE_GOVERNMENT",
  };
}

export function emptyForm(effectiveFrom: string): TariffForm {
  return {
    code: "", name: "", effectiveFrom, components: [], limits: ["", ""],
    period: "PERIOD_CALENDAR_YEAR", byMonths: false, monthsPerBill: 1, allowance: false,
    method: "METHOD_SHIFT_ALL", basePersons: 4, perPerson: "", fixed: "", maxPersons: 0,
  };
}

export function tierCount(form: TariffForm): number {
  return form.limits.length + 1;
}

export function addTier(form: TariffForm): void {
  form.limits.push("");
  for (const component of form.components) component.prices.push("");
}

export function removeTier(form: TariffForm): void {
  form.limits.pop();
  for (const component of form.components) component.prices.length = tierCount(form);
}

export function fitPrices(form: TariffForm): void {
  for (const component of form.components) {
    while (component.prices.length < tierCount(form)) component.prices.push("");
  }
}

function plain(text: string): string {
  return text.replaceAll(",", "");
}

// A published version as the beginning of the next; prices that hang on the first tier's are
// written out.
export function formOf(definition: TariffDefinition, effectiveFrom: string): TariffForm {
  const form = emptyForm(effectiveFrom);
  form.code = definition.code;
  form.name = definition.name;
  const tiers = definition.components.find((part) => part.tiered)?.tiered?.tiers ?? [];
  form.limits = tiers.slice(0, -1).map((tier) => plain(formatM3(tier.upperLimitMl ?? "0", true)));
  form.components = definition.components.map((part) => ({
    code: part.code,
    name: part.name,
    kind: part.kind,
    payee: part.payee,
    percent:
      part.volumeRatioMillionths === "0"
        ? "100"
        : ratioText(String(BigInt(part.volumeRatioMillionths) * 100n)),
    tiered: part.tiered !== undefined,
    flatPrice: part.flatPriceMicroYuan ? plain(formatPrice(part.flatPriceMicroYuan)) : "",
    prices: (part.tiered?.tiers ?? []).map((tier, _, tiers) =>
      plain(formatPrice(priceOf(tier, tiers[0]!).price)),
    ),
  }));
  fitPrices(form);
  const rule = definition.tierRule;
  if (rule?.period === "PERIOD_CALENDAR_MONTH") form.period = rule.period;
  form.byMonths = rule?.firstPeriod === "PARTIAL_PERIOD_BY_MONTHS";
  form.monthsPerBill = rule?.monthsPerBill || 1;
  const allowance = definition.householdAllowance;
  if (allowance) {
    form.allowance = true;
    if (allowance.method === "METHOD_TIER1_ONLY") form.method = allowance.method;
    form.basePersons = allowance.basePersons;
    form.perPerson = plain(formatM3(allowance.perPersonMl, true));
    form.fixed = allowance.fixedMl === "0" ? "" : plain(formatM3(allowance.fixedMl, true));
    form.maxPersons = allowance.maxPersons;
  }
  return form;
}

type Faults = (field: string, value: bigint | null) => string;

function tiersOf(form: TariffForm, part: ComponentForm, at: string, take: Faults): TierInput[] {
  return part.prices.slice(0, tierCount(form)).map((price, tier) => {
    const path = `${at}.tiered.tiers[${tier}]`;
    const limit = form.limits[tier];
    const priceMicroYuan = take(`${path}.priceMicroYuan`, parsePrice(price));
    return limit === undefined
      ? { priceMicroYuan }
      : { priceMicroYuan, upperLimitMl: take(`limits[${tier}]`, parseM3(limit)) };
  });
}

// The definition as the API takes it. `errors` names the fields whose text is no number; the rules
// of a tariff are the service's to judge.
export function definitionOf(form: TariffForm): {
  definition: TariffDefinitionInput;
  errors: Set<string>;
} {
  const errors = new Set<string>();
  const take: Faults = (field, value) => {
    if (value === null) errors.add(field);
    return String(value ?? 0n);
  };
  const components = form.components.map((part, index): ComponentInput => {
    const at = `components[${index}]`;
    // Percent to millionths.
    const ratio = parseDecimal(part.percent, 4);
    return {
      code: part.code.trim(),
      name: part.name.trim(),
      kind: part.kind,
      payee: part.payee,
      volumeRatioMillionths: take(`${at}.volumeRatioMillionths`, ratio),
      ...(part.tiered
        ? { tiered: { tiers: tiersOf(form, part, at, take) } }
        : { flatPriceMicroYuan: take(`${at}.flatPriceMicroYuan`, parsePrice(part.flatPrice)) }),
    };
  });
  const definition: TariffDefinitionInput = {
    code: form.code.trim(),
    name: form.name.trim(),
    effectiveFrom: form.effectiveFrom,
    components,
  };
  if (form.components.some((part) => part.tiered)) {
    definition.tierRule = {
      period: form.period,
      firstPeriod: form.byMonths ? "PARTIAL_PERIOD_BY_MONTHS" : "PARTIAL_PERIOD_FULL_LIMITS",
      monthsPerBill: form.period === "PERIOD_CALENDAR_MONTH" ? form.monthsPerBill : 0,
    };
  }
  if (form.allowance) {
    definition.householdAllowance = {
      method: form.method,
      basePersons: form.basePersons,
      perPersonMl: take("householdAllowance.perPersonMl", parseM3(form.perPerson || "0")),
      fixedMl: take("householdAllowance.fixedMl", parseM3(form.fixed || "0")),
      maxPersons: form.maxPersons,
    };
  }
  return { definition, errors };
}

// Where a violation's path stands in the form: limits are shared by all tiered items.
export function formField(path: string): string {
  const field = path.replace(/^(definition|tariff)\./, "");
  const limit = /^components\[\d+\]\.tiered\.tiers\[(\d+)\]\.upperLimitMl$/.exec(field);
  return limit ? `limits[${limit[1]}]` : field;
}

// Whether the form shows the fault of this field at its place.
export function isPlaced(field: string): boolean {
  return (
    /^(code|name|effectiveFrom|components|limits\[\d+\])$/.test(field) ||
    /^components\[\d+\]\.(code|name|kind|volumeRatioMillionths|flatPriceMicroYuan)$/.test(field) ||
    /^components\[\d+\]\.tiered\.tiers\[\d+\]\.priceMicroYuan$/.test(field) ||
    /^tierRule\.(period|firstPeriod|monthsPerBill)$/.test(field) ||
    /^householdAllowance(\.(method|basePersons|perPersonMl|fixedMl|maxPersons))?$/.test(field)
  );
}
