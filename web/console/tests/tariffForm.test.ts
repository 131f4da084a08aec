import { describe, expect, it } from "vitest";
import type { TariffDefinition } from "@karez/shared";
import {
  addTier, definitionOf, emptyForm, fitPrices, formField, formOf, isPlaced, newComponent, removeTier,
} from "@/pages/billing/tariffForm";

function household() {
  const form = emptyForm("2027-01-01");
  form.code = "household";
  const water = newComponent("KIND_WATER", "water", "Water");
  water.tiered = true;
  form.components = [water, newComponent("KIND_SEWAGE", "sewage", "Sewage")];
  fitPrices(form);
  form.limits = ["144", "204.5"];
  water.prices = ["2.07", "3.105", "6.21"];
  form.components[1]!.flatPrice = "0.95";
  form.components[1]!.percent = "90";
  return form;
}

describe("the tariff form", () => {
  it("becomes a definition in exact units", () => {
    const { definition, errors } = definitionOf(household());
    expect([...errors]).toEqual([]);
    expect(definition.components![0]!.tiered!.tiers).toEqual([
      { upperLimitMl: "144000000", priceMicroYuan: "2070000" },
      { upperLimitMl: "204500000", priceMicroYuan: "3105000" },
      { priceMicroYuan: "6210000" },
    ]);
    expect(definition.components![1]).toMatchObject({
      flatPriceMicroYuan: "950000", volumeRatioMillionths: "900000", payee: "PAYEE_GOVERNMENT",
    });
    expect(definition.tierRule).toMatchObject({ period: "PERIOD_CALENDAR_YEAR", monthsPerBill: 0 });
    expect(definition.householdAllowance).toBeUndefined();
  });

  it("names the fields that hold no number", () => {
    const form = household();
    form.limits[1] = "a lot";
    form.components[0]!.prices[2] = "";
    form.components[1]!.percent = "90.12345";
    expect([...definitionOf(form).errors].sort()).toEqual([
      "components[0].tiered.tiers[2].priceMicroYuan",
      "components[1].volumeRatioMillionths",
      "limits[1]",
    ]);
  });

  it("keeps prices and limits together when tiers come and go", () => {
    const form = household();
    addTier(form);
    expect(form.limits).toHaveLength(3);
    expect(form.components[0]!.prices).toHaveLength(4);
    removeTier(form);
    expect(definitionOf(form).errors.size).toBe(0);
  });

  it("begins from a published version with ratios written out as prices", () => {
    const published = {
      code: "household", name: "Household", effectiveFrom: "2026-01-01",
      components: [
        {
          code: "water", name: "Water", kind: "KIND_WATER", payee: "PAYEE_UTILITY",
          volumeRatioMillionths: "0", taxTreatment: "",
          tiered: {
            tiers: [
              { upperLimitMl: "144000000", priceMicroYuan: "2070000" },
              { upperLimitMl: "204000000", ratioMillionths: "1500000" },
              { markupMicroYuan: "4140000" },
            ],
          },
        },
      ],
      householdAllowance: {
        method: "METHOD_TIER1_ONLY", basePersons: 4, perPersonMl: "36000000", fixedMl: "0",
        maxPersons: 0,
      },
      tierRule: { period: "PERIOD_CALENDAR_MONTH", firstPeriod: "PARTIAL_PERIOD_FULL_LIMITS", monthsPerBill: 2 },
      priceChangeMethod: "PRICE_CHANGE_METHOD_UNSPECIFIED", medium: "MEDIUM_WATER",
    } as TariffDefinition;
    const form = formOf(published, "2027-01-01");
    expect(form.components[0]!.prices).toEqual(["2.07", "3.105", "6.21"]);
    expect(form.limits).toEqual(["144", "204"]);
    const { definition } = definitionOf(form);
    expect(definition.householdAllowance).toMatchObject({
      method: "METHOD_TIER1_ONLY", perPersonMl: "36000000",
    });
    expect(definition.tierRule).toMatchObject({ period: "PERIOD_CALENDAR_MONTH", monthsPerBill: 2 });
    expect(definition.effectiveFrom).toBe("2027-01-01");
  });

  it("finds the field of a violation, limits being shared by all tiered items", () => {
    expect(formField("definition.components[3].tiered.tiers[1].upperLimitMl")).toBe("limits[1]");
    expect(formField("tariff.code")).toBe("code");
    expect(isPlaced(formField("definition.components[0].tiered.tiers[2].priceMicroYuan"))).toBe(true);
    expect(isPlaced("mixedUse")).toBe(false);
  });
});
