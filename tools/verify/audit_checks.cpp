#include "tools/verify/check.h"

namespace karez::verify {
namespace {

// Each record's hash anew, from the bytes that services/identity/domain/audit.h describes.
constexpr char kRecordDifferences[] = R"sql(
  SELECT tenant_id, 'record ' || sequence AS key,
         CASE WHEN sequence = before + 1 THEN encode(made, 'hex')
              ELSE 'record ' || before + 1 END AS expected,
         CASE WHEN sequence = before + 1 THEN encode(hash, 'hex')
              ELSE 'record ' || sequence END AS found
    FROM (SELECT r.tenant_id, sequence, hash,
                 COALESCE(lag(sequence) OVER w, 0) AS before,
                 sha256(COALESCE(lag(hash) OVER w, decode(repeat('00', 32), 'hex')) ||
                        int8send(sequence) || t.bytes_of_id ||
                        int8send((extract(epoch FROM happened_at) * 1000000)::bigint) ||
                        t.bytes_of_texts) AS made
            FROM identity.audit_record r
           CROSS JOIN LATERAL (
                  SELECT string_agg(int8send(octet_length(text)) || convert_to(text, 'UTF8'), ''
                                    ORDER BY place) FILTER (WHERE place = 0) AS bytes_of_id,
                         string_agg(int8send(octet_length(text)) || convert_to(text, 'UTF8'), ''
                                    ORDER BY place) FILTER (WHERE place > 0) AS bytes_of_texts
                    FROM (VALUES (0, record_id::text), (1, service), (2, method), (3, subject),
                                 (4, subject_name), (5, session_id), (6, via), (7, outcome),
                                 (8, request_id), (9, trace_id), (10, request_json))
                         AS part(place, text)) t
          WINDOW w AS (PARTITION BY r.tenant_id ORDER BY sequence)) chain
   WHERE sequence <> before + 1 OR hash <> made)sql";

constexpr char kEndDifferences[] = R"sql(
  SELECT c.tenant_id, 'end of the chain' AS key,
         c.last_sequence || ' ' || encode(c.last_hash, 'hex') AS expected,
         COALESCE(r.sequence || ' ' || encode(r.hash, 'hex'), 'no record') AS found
    FROM identity.audit_chain c
    LEFT JOIN LATERAL (SELECT sequence, hash FROM identity.audit_record a
                        WHERE a.tenant_id = c.tenant_id
                        ORDER BY sequence DESC LIMIT 1) r ON true
   WHERE c.last_sequence > 0
     AND (r.sequence IS DISTINCT FROM c.last_sequence OR r.hash IS DISTINCT FROM c.last_hash))sql";

}  // namespace

std::vector<Check> AuditChecks() {
  return {
      {"audit: the chain is whole",
       {{"identity.audit_record", "SELECT count(*) FROM identity.audit_record", kRecordDifferences},
        {"identity.audit_chain", "SELECT count(*) FROM identity.audit_chain", kEndDifferences}}}};
}

}  // namespace karez::verify
