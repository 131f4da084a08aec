// Short names for the generated types of answers (and of what is sent, where it is built by parts).
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type SignInResponse = Schemas["SignInResponse"];
export type Tenant = Schemas["Tenant"];
export type Branch = Schemas["Branch"];
export type Role = Schemas["Role"];
export type Staff = Schemas["Staff"];
export type AuditRecord = Schemas["AuditRecord"];

export type SearchHit = Schemas["SearchAccountsResponseHit"];
export type AccountView = Schemas["AccountView"];
export type AccountBill = Schemas["AccountViewBillLine"];
export type AccountPayment = Schemas["AccountViewPaymentLine"];
export type AccountMeter = Schemas["AccountViewMeterState"];
export type MeterBinding = Schemas["MeterBinding"];
export type Customer = Schemas["Customer"];
export type Case = Schemas["Case"];

export type Meter = Schemas["Meter"];
export type Reading = Schemas["Reading"];
export type ConsumptionDay = Schemas["ListDaysResponseDay"];
export type FrameAccount = Schemas["FrameAccount"];
export type QuarantinedFrame = Schemas["QuarantinedFrame"];
export type Settlement = Schemas["Settlement"];
export type SettlementLine = Schemas["SettlementLine"];

export type Bill = Schemas["Bill"];
export type RatedLine = Schemas["RatedLine"];
export type Payment = Schemas["Payment"];
export type BillRun = Schemas["BillRun"];
export type ReviewItem = Schemas["ReviewItem"];
export type ReviewDecision = Schemas["ReviewItemDecision"];
export type Tariff = Schemas["Tariff"];
export type TariffDefinition = Schemas["TariffDefinition"];
export type TariffDefinitionInput = Schemas["TariffDefinitionInput"];
export type ComponentInput = Schemas["ComponentInput"];
export type TierInput = Schemas["TierInput"];
export type ComponentKind = Schemas["ComponentKind"];
export type ComponentPayee = Schemas["ComponentPayee"];
export type SimulateTariffResponse = Schemas["SimulateTariffResponse"];

export type Operation = Schemas["Operation"];
export type OperationState = Schemas["OperationState"];
export type ImportRow = Schemas["ImportRow"];
export type ImportRowState = Schemas["ImportRowState"];
