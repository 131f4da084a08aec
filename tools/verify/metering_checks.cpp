#include "tools/verify/check.h"

namespace karez::verify {
namespace {

Check Frames() {
  return {"frames: received = stored + duplicate + quarantined",
          {{"metering.frame_account",
            "SELECT COALESCE(sum(frames), 0)::bigint FROM metering.frame_account "
            "WHERE outcome = 'received'",
            R"sql(SELECT tenant_id, day::text AS key,
                     COALESCE(sum(frames) FILTER (WHERE outcome <> 'received'), 0)::text AS expected,
                     COALESCE(sum(frames) FILTER (WHERE outcome = 'received'), 0)::text AS found
                FROM metering.frame_account
               GROUP BY tenant_id, day
              HAVING COALESCE(sum(frames) FILTER (WHERE outcome <> 'received'), 0)
                     <> COALESCE(sum(frames) FILTER (WHERE outcome = 'received'), 0))sql"},
           {"metering.frame", "SELECT count(*) FROM metering.frame",
            // Frames are kept 13 months and more; days before the oldest are not compared.
            R"sql(SELECT COALESCE(a.tenant_id, f.tenant_id) AS tenant_id,
                     COALESCE(a.day, f.day) || ' ' || COALESCE(a.outcome, f.outcome) AS key,
                     COALESCE(a.frames, 0)::text AS expected, COALESCE(f.frames, 0)::text AS found
                FROM (SELECT tenant_id, day, outcome, sum(frames) AS frames
                        FROM metering.frame_account WHERE outcome <> 'received'
                       GROUP BY tenant_id, day, outcome) a
                FULL JOIN (SELECT x.tenant_id, (x.received_at AT TIME ZONE t.zone)::date AS day,
                                  x.outcome, count(*) AS frames
                             FROM metering.frame x JOIN metering.tenant t ON t.id = x.tenant_id
                            GROUP BY x.tenant_id, 2, x.outcome) f
                  ON f.tenant_id = a.tenant_id AND f.day = a.day AND f.outcome = a.outcome
               WHERE COALESCE(a.frames, 0) <> COALESCE(f.frames, 0)
                 AND COALESCE(a.day, f.day) > (SELECT min(received_at)::date FROM metering.frame)
                                              - 1)sql"},
           {"metering.quarantine", "SELECT count(*) FROM metering.quarantine",
            R"sql(SELECT COALESCE(a.tenant_id, q.tenant_id) AS tenant_id,
                     COALESCE(a.day, q.day) || ' ' || COALESCE(a.reason, q.reason) AS key,
                     COALESCE(a.frames, 0)::text AS expected, COALESCE(q.frames, 0)::text AS found
                FROM (SELECT tenant_id, day, reason, frames FROM metering.frame_account
                       WHERE outcome = 'quarantined') a
                FULL JOIN (SELECT x.tenant_id, (x.received_at AT TIME ZONE t.zone)::date AS day,
                                  x.reason, count(*) AS frames
                             FROM metering.quarantine x JOIN metering.tenant t ON t.id = x.tenant_id
                            GROUP BY x.tenant_id, 2, x.reason) q
                  ON q.tenant_id = a.tenant_id AND q.day = a.day AND q.reason = a.reason
               WHERE COALESCE(a.frames, 0) <> COALESCE(q.frames, 0))sql"}}};
}

Check Bytes() {
  return {"edges: every byte accounted for",
          {{"metering.edge_account",
            "SELECT COALESCE(sum(bytes_received), 0)::bigint FROM metering.edge_account",
            R"sql(SELECT 0 AS tenant_id, edge_id || ' ' || run_id AS key,
                         bytes_received::text AS expected,
                         (frame_bytes + garbage_bytes + envelope_bytes + unregistered_bytes)::text
                         AS found
                    FROM metering.edge_account
                   WHERE bytes_received
                         <> frame_bytes + garbage_bytes + envelope_bytes + unregistered_bytes)sql"}}};
}

Check LatestReadings() {
  return {"latest readings",
          {{"metering.latest_reading", "SELECT count(*) FROM metering.latest_reading",
            R"sql(SELECT COALESCE(n.tenant_id, l.tenant_id) AS tenant_id,
                         COALESCE(n.meter_id, l.meter_id)::text AS key,
                         COALESCE(n.value_ml || ' at ' || n.time, 'no reading') AS expected,
                         COALESCE(l.value_ml || ' at ' || l.time, 'missing') AS found
                    FROM (SELECT DISTINCT ON (tenant_id, meter_id) tenant_id, meter_id, time,
                                 value_ml
                            FROM metering.reading WHERE register = 0
                           ORDER BY tenant_id, meter_id, time DESC) n
                    FULL JOIN metering.latest_reading l
                      ON l.tenant_id = n.tenant_id AND l.meter_id = n.meter_id
                   WHERE (n.time, n.value_ml) IS DISTINCT FROM (l.time, l.value_ml))sql"}}};
}

Check SettlementLines() {
  return {"settlement: lines follow each other",
          {{"metering.settlement_line", "SELECT count(*) FROM metering.settlement_line",
            R"sql(SELECT tenant_id, id::text AS key, 'from ' || before_ml AS expected,
                     'from ' || start_ml AS found
                FROM (SELECT tenant_id, id, start_ml,
                             lag(end_ml) OVER (PARTITION BY tenant_id, binding_id
                                                   ORDER BY settled_at, id) AS before_ml
                        FROM metering.settlement_line) lines
               WHERE before_ml <> start_ml
              UNION ALL
              SELECT tenant_id, id::text, 'volume ' || end_ml - start_ml, 'volume ' || volume_ml
                FROM metering.settlement_line
               WHERE volume_ml <> end_ml - start_ml
                 AND NOT flags && ARRAY['rollover', 'estimated'])sql"}}};
}

}  // namespace

std::vector<Check> MeteringChecks() {
  return {Frames(), Bytes(), LatestReadings(), SettlementLines()};
}

}  // namespace karez::verify
