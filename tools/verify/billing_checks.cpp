#include "tools/verify/check.h"

namespace karez::verify {
namespace {

Check DoubleEntry() {
  return {
      "ledger double entry",
      {{"billing.transfer", "SELECT count(*) FROM billing.transfer",
        // What all ledger accounts of a utility hold together.
        R"sql(SELECT tenant_id, 'trial balance' AS key, '0' AS expected, sum(fen)::text AS found
                FROM (SELECT tenant_id, debit AS account, amount_fen AS fen FROM billing.transfer
                      UNION ALL
                      SELECT tenant_id, credit, -amount_fen FROM billing.transfer) sides
               GROUP BY tenant_id HAVING sum(fen) <> 0
              UNION ALL
              SELECT tenant_id, id::text, 'two sides and an amount above 0',
                     debit || ' ' || credit || ' ' || amount_fen
                FROM billing.transfer
               WHERE debit = credit OR amount_fen <= 0)sql"},
       {"billing.transfer", "SELECT count(*) FROM billing.transfer WHERE reverses_id IS NOT NULL",
        R"sql(SELECT r.tenant_id, r.id::text AS key,
                     COALESCE(o.credit || ' ' || o.debit || ' ' || o.amount_fen,
                              'reverses a transfer that is there') AS expected,
                     r.debit || ' ' || r.credit || ' ' || r.amount_fen AS found
                FROM billing.transfer r
                LEFT JOIN billing.transfer o ON o.tenant_id = r.tenant_id AND o.id = r.reverses_id
               WHERE r.reverses_id IS NOT NULL
                 AND (o.credit, o.debit, o.amount_fen, o.account_id)
                     IS DISTINCT FROM (r.debit, r.credit, r.amount_fen, r.account_id)
              UNION ALL
              SELECT tenant_id, reverses_id::text, 'reversed once', 'reversed ' || count(*) || ' times'
                FROM billing.transfer
               WHERE reverses_id IS NOT NULL
               GROUP BY tenant_id, reverses_id HAVING count(*) > 1)sql"}}};
}

Check BillLines() {
  return {"bills: lines add up",
          {{"billing.bill_line", "SELECT count(*) FROM billing.bill",
            R"sql(SELECT b.tenant_id, b.id::text AS key, b.total_fen::text AS expected,
                     COALESCE(sum(l.amount_fen), 0)::text AS found
                FROM billing.bill b
                LEFT JOIN billing.bill_line l ON l.tenant_id = b.tenant_id AND l.bill_id = b.id
               GROUP BY b.tenant_id, b.id, b.total_fen
              HAVING b.total_fen <> COALESCE(sum(l.amount_fen), 0))sql"},
           {"billing.transfer", "SELECT count(*) FROM billing.bill_line",
            // By fee item: what the lines say and what was booked when the bill was issued.
            R"sql(SELECT COALESCE(l.tenant_id, t.tenant_id) AS tenant_id,
                     COALESCE(l.bill_id, t.bill_id)::text || ' ' || COALESCE(l.item, t.item) AS key,
                     COALESCE(l.fen, 0)::text AS expected, COALESCE(t.fen, 0)::text AS found
                FROM (SELECT tenant_id, bill_id, sum(amount_fen) AS fen,
                             CASE payee WHEN 2 THEN 'payable:' ELSE 'revenue:' END
                             || component_code AS item
                        FROM billing.bill_line GROUP BY tenant_id, bill_id, item) l
                FULL JOIN (SELECT tenant_id, bill_id, credit AS item, sum(amount_fen) AS fen
                             FROM billing.transfer WHERE cause = 'bill'
                            GROUP BY tenant_id, bill_id, credit) t
                  ON t.tenant_id = l.tenant_id AND t.bill_id = l.bill_id AND t.item = l.item
               WHERE COALESCE(l.fen, 0) <> COALESCE(t.fen, 0))sql"}}};
}

Check OpenAmounts() {
  return {"bills: open amounts",
          {{"billing.bill_state", "SELECT count(*) FROM billing.bill_state",
            R"sql(SELECT s.tenant_id, s.bill_id::text AS key, COALESCE(t.fen, 0)::text AS expected,
                     s.open_fen::text AS found
                FROM billing.bill_state s
                LEFT JOIN (SELECT tenant_id, bill_id,
                                  sum(CASE WHEN debit = 'receivable' THEN amount_fen ELSE 0 END)
                                  - sum(CASE WHEN credit = 'receivable' THEN amount_fen ELSE 0 END)
                                  AS fen
                             FROM billing.transfer WHERE bill_id IS NOT NULL
                            GROUP BY tenant_id, bill_id) t
                  ON t.tenant_id = s.tenant_id AND t.bill_id = s.bill_id
               WHERE s.open_fen <> COALESCE(t.fen, 0))sql"},
           {"billing.allocation", "SELECT count(*) FROM billing.allocation",
            R"sql(SELECT s.tenant_id, s.bill_id::text AS key,
                     CASE WHEN r.bill_id IS NOT NULL THEN '0'
                          ELSE (s.total_fen - COALESCE(a.fen, 0))::text END AS expected,
                     s.open_fen::text AS found
                FROM billing.bill_state s
                LEFT JOIN billing.bill_reversal r
                  ON r.tenant_id = s.tenant_id AND r.bill_id = s.bill_id
                LEFT JOIN (SELECT x.tenant_id, x.bill_id, sum(x.amount_fen) AS fen
                             FROM billing.allocation x
                            WHERE NOT EXISTS (SELECT FROM billing.allocation_reversal y
                                               WHERE y.tenant_id = x.tenant_id
                                                 AND y.allocation_id = x.id)
                            GROUP BY x.tenant_id, x.bill_id) a
                  ON a.tenant_id = s.tenant_id AND a.bill_id = s.bill_id
               WHERE s.open_fen <> CASE WHEN r.bill_id IS NOT NULL THEN 0
                                        ELSE s.total_fen - COALESCE(a.fen, 0) END)sql"},
           {"billing.bill_state", "SELECT count(*) FROM billing.bill",
            R"sql(SELECT b.tenant_id, b.id::text AS key,
                     CASE WHEN r.bill_id IS NULL THEN '' ELSE 'reversed ' END || b.total_fen
                     AS expected,
                     COALESCE(CASE s.state WHEN 'reversed' THEN 'reversed ' ELSE '' END
                              || s.total_fen, 'missing') AS found
                FROM billing.bill b
                LEFT JOIN billing.bill_state s ON s.tenant_id = b.tenant_id AND s.bill_id = b.id
                LEFT JOIN billing.bill_reversal r ON r.tenant_id = b.tenant_id AND r.bill_id = b.id
               WHERE (b.total_fen, r.bill_id IS NOT NULL)
                     IS DISTINCT FROM (s.total_fen, s.state = 'reversed'))sql"}}};
}

Check Balances() {
  return {"account balances",
          {{"billing.account_balance", "SELECT count(*) FROM billing.account_balance",
            R"sql(SELECT COALESCE(b.tenant_id, t.tenant_id) AS tenant_id,
                     COALESCE(b.account_id, t.account_id)::text AS key,
                     'arrears ' || COALESCE(t.arrears, 0) || ' credit ' || COALESCE(t.credit, 0)
                     AS expected,
                     COALESCE('arrears ' || b.arrears_fen || ' credit ' || b.credit_fen, 'missing')
                     AS found
                FROM billing.account_balance b
                FULL JOIN (SELECT tenant_id, account_id,
                                  sum(CASE 'receivable' WHEN debit THEN amount_fen
                                           WHEN credit THEN -amount_fen ELSE 0 END) AS arrears,
                                  sum(CASE 'unapplied' WHEN credit THEN amount_fen
                                           WHEN debit THEN -amount_fen ELSE 0 END) AS credit
                             FROM billing.transfer GROUP BY tenant_id, account_id) t
                  ON t.tenant_id = b.tenant_id AND t.account_id = b.account_id
               WHERE (COALESCE(t.arrears, 0), COALESCE(t.credit, 0))
                     IS DISTINCT FROM (b.arrears_fen::numeric, b.credit_fen::numeric))sql"},
           {"billing.bill_state", "SELECT count(*) FROM billing.account_balance",
            R"sql(SELECT b.tenant_id, b.account_id::text AS key, b.arrears_fen::text AS expected,
                     COALESCE(sum(s.open_fen), 0)::text AS found
                FROM billing.account_balance b
                LEFT JOIN billing.bill_state s
                  ON s.tenant_id = b.tenant_id AND s.account_id = b.account_id
               GROUP BY b.tenant_id, b.account_id, b.arrears_fen
              HAVING b.arrears_fen <> COALESCE(sum(s.open_fen), 0))sql"},
           {"billing.account_balance", "SELECT count(*) FROM billing.account_balance",
            // The remainder that waits to be billed: settled less billed, of the bills that stand.
            R"sql(SELECT b.tenant_id, b.account_id::text AS key,
                     'carry_ml ' || COALESCE(c.carry, 0) AS expected,
                     'carry_ml ' || b.carry_ml AS found
                FROM billing.account_balance b
                LEFT JOIN (SELECT x.tenant_id, x.account_id,
                                  sum(x.carried_out_ml - x.carried_in_ml) AS carry
                             FROM billing.bill x
                            WHERE NOT EXISTS (SELECT FROM billing.bill_reversal r
                                               WHERE r.tenant_id = x.tenant_id AND r.bill_id = x.id)
                            GROUP BY x.tenant_id, x.account_id) c
                  ON c.tenant_id = b.tenant_id AND c.account_id = b.account_id
               WHERE b.carry_ml <> COALESCE(c.carry, 0))sql"}}};
}

Check Payments() {
  return {"payments",
          {{"billing.allocation", "SELECT count(*) FROM billing.payment",
            R"sql(SELECT p.tenant_id, p.id::text AS key, p.amount_fen::text AS expected,
                     (COALESCE(sum(a.amount_fen), 0) + p.credit_fen)::text AS found
                FROM billing.payment p
                LEFT JOIN billing.allocation a
                  ON a.tenant_id = p.tenant_id AND a.payment_id = p.id
               GROUP BY p.tenant_id, p.id, p.amount_fen, p.credit_fen
              HAVING p.amount_fen <> COALESCE(sum(a.amount_fen), 0) + p.credit_fen)sql"},
           {"billing.transfer", "SELECT count(*) FROM billing.payment",
            // Cash came in with the payment, and went out again with its reversal.
            R"sql(SELECT p.tenant_id, p.id::text AS key,
                     'in ' || p.amount_fen || ' out '
                     || CASE WHEN r.payment_id IS NULL THEN 0 ELSE p.amount_fen END AS expected,
                     'in ' || COALESCE(t.came, 0) || ' out ' || COALESCE(t.went, 0) AS found
                FROM billing.payment p
                LEFT JOIN billing.payment_reversal r
                  ON r.tenant_id = p.tenant_id AND r.payment_id = p.id
                LEFT JOIN (SELECT tenant_id, cause_id,
                                  sum(CASE WHEN debit = 'cash' THEN amount_fen ELSE 0 END) AS came,
                                  sum(CASE WHEN credit = 'cash' THEN amount_fen ELSE 0 END) AS went
                             FROM billing.transfer
                            WHERE cause IN ('payment', 'payment_reversal')
                            GROUP BY tenant_id, cause_id) t
                  ON t.tenant_id = p.tenant_id AND t.cause_id = p.id
               WHERE (COALESCE(t.came, 0), COALESCE(t.went, 0))
                     <> (p.amount_fen,
                         CASE WHEN r.payment_id IS NULL THEN 0 ELSE p.amount_fen END))sql"}}};
}

Check BilledOnce() {
  return {
      "settled lines billed once",
      {{"billing.bill_meter", "SELECT count(*) FROM billing.bill_meter",
        R"sql(SELECT m.tenant_id, m.settled_line_id::text AS key, 'in one standing bill' AS expected,
                     'in ' || count(*) AS found
                FROM billing.bill_meter m
               WHERE NOT EXISTS (SELECT FROM billing.bill_reversal r
                                  WHERE r.tenant_id = m.tenant_id AND r.bill_id = m.bill_id)
               GROUP BY m.tenant_id, m.settled_line_id HAVING count(*) > 1)sql"},
       {"billing.settled_line", "SELECT count(*) FROM billing.settled_line WHERE state = 'billed'",
        R"sql(SELECT s.tenant_id, s.id::text AS key, 'taken by bill ' || s.bill_id AS expected,
                     'not among its meters, or the bill is reversed' AS found
                FROM billing.settled_line s
               WHERE s.state = 'billed'
                 AND (NOT EXISTS (SELECT FROM billing.bill_meter m
                                   WHERE m.tenant_id = s.tenant_id AND m.bill_id = s.bill_id
                                     AND m.settled_line_id = s.id)
                      OR EXISTS (SELECT FROM billing.bill_reversal r
                                  WHERE r.tenant_id = s.tenant_id AND r.bill_id = s.bill_id)))sql"}}};
}

}  // namespace

std::vector<Check> BillingChecks() {
  return {DoubleEntry(), BillLines(), OpenAmounts(), Balances(), Payments(), BilledOnce()};
}

}  // namespace karez::verify
