#include "tools/verify/tests/world.h"

namespace karez::verify::tests {

// Ids end in what they are: b1 branch, c1 customer, d1 address, a1 account, e1 meter, f1 terminal.
std::string World() {
  std::string sql = R"sql(
SET search_path = public;
INSERT INTO identity.tenant (id, code, name, zone, active, settings, version)
VALUES (2, 'shule', 'Shule', 'Asia/Shanghai', true, '{}', 3);
INSERT INTO identity.branch (tenant_id, id, code, name, version)
VALUES (2, '00000000-0000-0000-0000-0000000000b1', 'north', 'North', 1);
)sql";
  for (const std::string service : {"accounts", "metering", "billing"}) {
    sql += "INSERT INTO " + service +
           ".tenant (id, code, name, zone, active, settings, version) "
           "SELECT id, code, name, zone, active, settings, version FROM identity.tenant;"
           "INSERT INTO " +
           service +
           ".branch (tenant_id, id, code, name, version) "
           "SELECT tenant_id, id, code, name, version FROM identity.branch;";
  }
  return sql + R"sql(
INSERT INTO metering.terminal (tenant_id, id, number, kind, branch_id, profile, poll_seconds, version)
VALUES (2, '00000000-0000-0000-0000-0000000000f1', 'T1', 'acknowledged',
        '00000000-0000-0000-0000-0000000000b1', 'envelope', 60, 1);
INSERT INTO metering.meter (tenant_id, id, number, branch_id, profile, diameter_mm, register_digits,
                            device_address, terminal_id, active, version)
VALUES (2, '00000000-0000-0000-0000-0000000000e1', 'M1', '00000000-0000-0000-0000-0000000000b1',
        'cjt188-standard', 20, 5, '00000000000001', '00000000-0000-0000-0000-0000000000f1', true, 2);
INSERT INTO accounts.meter (tenant_id, id, number, branch_id, active, version)
SELECT tenant_id, id, number, branch_id, active, version FROM metering.meter;

INSERT INTO accounts.customer (tenant_id, id, name, kind, created_at)
VALUES (2, '00000000-0000-0000-0000-0000000000c1', 'Test Person', 'person', '2026-10-01Z');
INSERT INTO accounts.address (tenant_id, id, level, name, path, full_text)
VALUES (2, '00000000-0000-0000-0000-0000000000d1', 5, '101', '5:101', 'Region Court 101');
INSERT INTO accounts.account (tenant_id, id, number, branch_id, customer_id, address_id, tariff_code,
                              household_size, state, open_date, version)
VALUES (2, '00000000-0000-0000-0000-0000000000a1', 'SL-1', '00000000-0000-0000-0000-0000000000b1',
        '00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000d1', 'household',
        4, 'open', '2026-10-01', 2);
INSERT INTO accounts.search_token (tenant_id, token, account_id, branch_id)
VALUES (2, 'n:sl1', '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000b1');
INSERT INTO accounts.meter_binding (tenant_id, id, account_id, meter_id, meter_number, from_time,
                                    from_ml)
VALUES (2, '00000000-0000-0000-0000-0000000000bb', '00000000-0000-0000-0000-0000000000a1',
        '00000000-0000-0000-0000-0000000000e1', 'M1', '2026-10-01Z', 1000000);
INSERT INTO accounts.business_case (tenant_id, id, number, kind, account_id, staff_name, at, note,
                                    change)
VALUES (2, '00000000-0000-0000-0000-0000000000cc', 'YW1', 'open',
        '00000000-0000-0000-0000-0000000000a1', 'Test Clerk', '2026-10-01Z', '', '');
INSERT INTO billing.account (tenant_id, id, number, branch_id, customer_name, address, tariff_code,
                             household_size, open, version)
VALUES (2, '00000000-0000-0000-0000-0000000000a1', 'SL-1', '00000000-0000-0000-0000-0000000000b1',
        'Test Person', 'Region Court 101', 'household', 4, true, 2);
INSERT INTO metering.account (tenant_id, id, number, branch_id, version)
SELECT tenant_id, id, number, branch_id, version FROM accounts.account;
INSERT INTO metering.binding (tenant_id, id, account_id, meter_id, meter_number, from_time, from_ml)
SELECT tenant_id, id, account_id, meter_id, meter_number, from_time, from_ml
  FROM accounts.meter_binding;

INSERT INTO metering.reading (tenant_id, meter_id, register, time, value_ml, received_at,
                              time_quality, valve, battery_low, flags)
VALUES (2, '00000000-0000-0000-0000-0000000000e1', 0, '2026-10-30T15:50Z', 11000000,
        '2026-11-01Z', 'device', 'open', false, '{}'),
       (2, '00000000-0000-0000-0000-0000000000e1', 0, '2026-10-31T15:50Z', 13000000,
        '2026-11-01Z', 'device', 'open', false, '{}');
INSERT INTO metering.day_series (tenant_id, meter_id, register, day, hours_ml)
VALUES (2, '00000000-0000-0000-0000-0000000000e1', 0, '2026-10-31',
        array_fill(1000::bigint, ARRAY[23]) || -1::bigint);
INSERT INTO metering.latest_reading (tenant_id, meter_id, time, value_ml, received_at, time_quality,
                                     valve, battery_low, flags, version)
VALUES (2, '00000000-0000-0000-0000-0000000000e1', '2026-10-31T15:50Z', 13000000, '2026-11-01Z',
        'device', 'open', false, '{}', 2);
INSERT INTO accounts.meter_reading_view (tenant_id, meter_id, time, value_ml, valve, battery_low,
                                         version)
SELECT tenant_id, meter_id, time, value_ml, valve, battery_low, version FROM metering.latest_reading;
INSERT INTO metering.frame (tenant_id, received_at, id, terminal_number, device_address, outcome,
                            payload)
SELECT 2, '2026-11-01Z', gen_random_uuid(), 'T1', '00000000000001', outcome, '\x68'
  FROM unnest(ARRAY['stored', 'stored', 'stored', 'duplicate', 'quarantined']) AS outcome;
INSERT INTO metering.quarantine (tenant_id, id, received_at, terminal_number, device_address, reason,
                                 detail, payload)
VALUES (2, gen_random_uuid(), '2026-11-01Z', 'T1', '00000000000009', 'unknown_device', '', '\x6809');
INSERT INTO metering.frame_account (tenant_id, day, outcome, reason, frames)
VALUES (2, '2026-11-01', 'received', '', 5), (2, '2026-11-01', 'stored', '', 3),
       (2, '2026-11-01', 'duplicate', '', 1), (2, '2026-11-01', 'quarantined', 'unknown_device', 1);
INSERT INTO metering.edge_account (edge_id, run_id, bytes_received, frame_bytes, garbage_bytes,
                                   envelope_bytes, unregistered_bytes, frames, checksum_failures,
                                   connections, updated_at)
VALUES ('edge-1', gen_random_uuid(), 100, 60, 10, 20, 10, 5, 0, 1, '2026-11-01Z');

INSERT INTO metering.settlement_line (tenant_id, id, kind, month, binding_id, account_id, meter_id,
                                      meter_number, start_time, start_ml, end_time, end_ml,
                                      volume_ml, flags, final, settled_at)
VALUES (2, '00000000-0000-0000-0000-00000000005e', 'monthly', '2026-10-01',
        '00000000-0000-0000-0000-0000000000bb', '00000000-0000-0000-0000-0000000000a1',
        '00000000-0000-0000-0000-0000000000e1', 'M1', '2026-10-01Z', 1000000,
        '2026-10-31T15:50Z', 13000000, 12000000, '{}', false, '2026-11-01Z');
INSERT INTO billing.settled_line (tenant_id, id, interim, month, meter_id, meter_number, account_id,
                                  start_time, start_ml, end_time, end_ml, volume_ml, flags, version,
                                  state, bill_id)
SELECT tenant_id, id, false, month, meter_id, meter_number, account_id, start_time, start_ml,
       end_time, end_ml, volume_ml, flags, 1, 'billed', '00000000-0000-0000-0000-000000000b11'
  FROM metering.settlement_line;

INSERT INTO billing.tariff (tenant_id, id, code, version, effective_from, definition, published_by,
                            publish_time)
VALUES (2, '00000000-0000-0000-0000-00000000007a', 'household', 1, '2026-01-01', '', 'x',
        '2026-01-01Z');
INSERT INTO billing.bill (tenant_id, id, number, account_id, account_number, customer_name, address,
                          household_size, month, sequence, period_end, tariff_id, tariff_code,
                          tariff_version, settled_ml, carried_in_ml, carried_out_ml, volume_ml,
                          limits_ml, total_fen, issue_time, due_date)
VALUES (2, '00000000-0000-0000-0000-000000000b11', 'B1', '00000000-0000-0000-0000-0000000000a1',
        'SL-1', 'Test Person', 'Region Court 101', 4, '2026-10-01', 1, '2026-10-31',
        '00000000-0000-0000-0000-00000000007a', 'household', 1, 12000000, 0, 0, 12000000, '{}', 3000,
        '2026-11-02Z', '2026-11-20');
INSERT INTO billing.bill_line (tenant_id, bill_id, line, component_code, component_name, payee, tier,
                               volume_ml, unit_price_micro_yuan, amount_fen, counter_before_ml,
                               counter_after_ml)
VALUES (2, '00000000-0000-0000-0000-000000000b11', 1, 'water', 'Water', 1, 1, 12000000, 1700000,
        2040, 0, 12000000),
       (2, '00000000-0000-0000-0000-000000000b11', 2, 'sewage', 'Sewage', 2, 1, 12000000, 800000,
        960, 0, 12000000);
INSERT INTO billing.bill_meter (tenant_id, bill_id, settled_line_id, meter_id, meter_number,
                                start_time, start_ml, end_time, end_ml, volume_ml, flags)
SELECT tenant_id, bill_id, id, meter_id, meter_number, start_time, start_ml, end_time, end_ml,
       volume_ml, flags FROM billing.settled_line;
INSERT INTO billing.bill_state (tenant_id, bill_id, account_id, month, tariff_code, period_end,
                                volume_ml, total_fen, open_fen, state, version)
VALUES (2, '00000000-0000-0000-0000-000000000b11', '00000000-0000-0000-0000-0000000000a1',
        '2026-10-01', 'household', '2026-10-31', 12000000, 3000, 2000, 'issued', 2);
INSERT INTO billing.payment (tenant_id, id, receipt_number, account_id, amount_fen, method,
                             credit_fen, cashier, cashier_name, pay_time)
VALUES (2, '00000000-0000-0000-0000-0000000000fa', 'R1', '00000000-0000-0000-0000-0000000000a1',
        1000, 'cash', 0, 'x', 'Test Clerk', '2026-11-03Z');
INSERT INTO billing.allocation (tenant_id, id, payment_id, bill_id, account_id, amount_fen,
                                open_after_fen, allocate_time)
VALUES (2, '00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000fa',
        '00000000-0000-0000-0000-000000000b11', '00000000-0000-0000-0000-0000000000a1', 1000, 2000,
        '2026-11-03Z');
INSERT INTO billing.transfer (tenant_id, accounting_date, id, debit, credit, amount_fen, account_id,
                              cause, cause_id, bill_id, transfer_time)
SELECT 2, '2026-11-02', ('00000000-0000-0000-0000-0000000010' || n)::uuid, debit, credit, fen,
       '00000000-0000-0000-0000-0000000000a1', cause, cause_id::uuid,
       '00000000-0000-0000-0000-000000000b11', '2026-11-02Z'
  FROM (VALUES ('01', 'receivable', 'revenue:water', 2040, 'bill',
                '00000000-0000-0000-0000-000000000b11'),
               ('02', 'receivable', 'payable:sewage', 960, 'bill',
                '00000000-0000-0000-0000-000000000b11'),
               ('03', 'cash', 'receivable', 1000, 'payment',
                '00000000-0000-0000-0000-0000000000fa')) AS t(n, debit, credit, fen, cause, cause_id);
INSERT INTO billing.account_balance (tenant_id, account_id, arrears_fen, credit_fen, carry_ml,
                                     version)
VALUES (2, '00000000-0000-0000-0000-0000000000a1', 2000, 0, 0, 2);
INSERT INTO accounts.bill_view (tenant_id, bill_id, account_id, number, month, volume_ml, total_fen,
                                open_fen, state, issue_time, due_date, version)
VALUES (2, '00000000-0000-0000-0000-000000000b11', '00000000-0000-0000-0000-0000000000a1', 'B1',
        '2026-10', 12000000, 3000, 2000, 'issued', '2026-11-02Z', '2026-11-20', 2);
INSERT INTO accounts.payment_view (tenant_id, payment_id, account_id, receipt_number, amount_fen,
                                   method, cashier_name, time, reversed, version)
VALUES (2, '00000000-0000-0000-0000-0000000000fa', '00000000-0000-0000-0000-0000000000a1', 'R1',
        1000, 'cash', 'Test Clerk', '2026-11-03Z', false, 1);
INSERT INTO accounts.balance_view (tenant_id, account_id, arrears_fen, credit_fen, version)
VALUES (2, '00000000-0000-0000-0000-0000000000a1', 2000, 0, 2);
)sql";
}

std::string JournalText() {
  const std::string terminal = R"({"tenant":"shule","terminal":"T1","sequence":1,)";
  const std::string meter = R"("device_address":"00000000000001",)";
  return terminal + R"("kind":"reading",)" + meter +
         R"("device_time":"2026-10-30T15:50:00Z","value_ml":11000000,"outcome":"stored",)"
         R"("frame_hex":"68","at":"2026-11-01T00:00:00Z"})"
         "\n" +
         terminal + R"("kind":"reading",)" + meter +
         R"("device_time":"2026-10-31T15:50:00Z","value_ml":13000000,"outcome":"stored",)"
         R"("frame_hex":"68","at":"2026-11-01T00:00:00Z"})"
         "\n" +
         terminal + R"("kind":"day",)" + meter +
         R"("device_time":"2026-10-31","value_ml":22000,"hours":[1000,1000,1000,1000,1000,1000,)"
         R"(1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,null,)"
         R"(null],"outcome":"stored","frame_hex":"68","at":"2026-11-01T00:00:00Z"})"
         "\n" +
         terminal + R"("kind":"reading",)" + meter +
         R"("device_time":"2026-10-31T15:50:00Z","value_ml":13000000,"outcome":"duplicate",)"
         R"("frame_hex":"68","at":"2026-11-01T00:00:00Z"})"
         "\n" +
         terminal +
         R"("kind":"reading","device_address":"00000000000009","device_time":"2026-10-31T15:50:00Z",)"
         R"("value_ml":1,"outcome":"quarantined:unknown_device","frame_hex":"6809",)"
         R"("at":"2026-11-01T00:00:00Z"})"
         "\n" +
         terminal +
         R"("kind":"reading","device_address":"00000000000009","devi)"
         "\n";
}

}  // namespace karez::verify::tests
