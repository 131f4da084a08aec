#include "tools/verify/journal.h"

#include <fstream>
#include <functional>
#include <map>

#include <nlohmann/json.hpp>

namespace karez::verify {
namespace {

constexpr std::size_t kBatch = 10'000;
constexpr const char* kQuarantined = "quarantined:";

// The tenant and meter of a line, by the code, the terminal and the address on its line.
#define KAREZ_VERIFY_METER_OF_LINE                                                 \
  "JOIN metering.tenant t ON t.code = j.tenant "                                   \
  "LEFT JOIN metering.terminal x ON x.tenant_id = t.id AND x.number = j.terminal " \
  "LEFT JOIN metering.meter m ON m.tenant_id = t.id AND m.terminal_id = x.id "     \
  "AND m.device_address = j.address "

constexpr pg::Query kReadings{
    "verify.journal_readings",
    "SELECT t.id AS tenant_id, j.terminal || ' ' || j.address || ' ' || j.time AS key, "
    "j.value::text AS expected, COALESCE(r.value_ml::text, 'no reading') AS found "
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[]) "
    "AS j(tenant, terminal, address, time, value) " KAREZ_VERIFY_METER_OF_LINE
    "LEFT JOIN metering.reading r ON r.tenant_id = t.id AND r.meter_id = m.id "
    "AND r.register = 0 AND r.time = j.time "
    "WHERE r.value_ml IS DISTINCT FROM j.value ORDER BY 1, 2"};

// Every hour that the frame had; others may have come with other frames.
constexpr pg::Query kDays{
    "verify.journal_days",
    "SELECT t.id AS tenant_id, j.terminal || ' ' || j.address || ' ' || j.day AS key, "
    "j.hours AS expected, COALESCE(d.hours_ml::text, 'no row') AS found "
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[]) "
    "AS j(tenant, terminal, address, day, hours) " KAREZ_VERIFY_METER_OF_LINE
    "LEFT JOIN metering.day_series d ON d.tenant_id = t.id AND d.meter_id = m.id "
    "AND d.register = 0 AND d.day = j.day "
    "WHERE d.hours_ml IS NULL OR EXISTS (SELECT FROM unnest(j.hours::bigint[], d.hours_ml) "
    "AS h(said, kept) WHERE said >= 0 AND said IS DISTINCT FROM kept) ORDER BY 1, 2"};

constexpr pg::Query kQuarantines{
    "verify.journal_quarantine",
    "SELECT t.id AS tenant_id, j.terminal || ' ' || j.address AS key, "
    "'quarantined ' || j.reason AS expected, 'not in quarantine' AS found "
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) "
    "AS j(tenant, terminal, address, reason, frame) "
    "JOIN metering.tenant t ON t.code = j.tenant "
    "LEFT JOIN metering.quarantine q ON q.tenant_id = t.id AND q.terminal_number = j.terminal "
    "AND q.reason = j.reason AND q.payload = decode(j.frame, 'hex') "
    "WHERE q.id IS NULL ORDER BY 1, 2"};

constexpr pg::Query kReceived{
    "verify.journal_received",
    "SELECT t.id AS tenant_id, 'all days' AS key, 'at least ' || j.frames AS expected, "
    "COALESCE(sum(a.frames), 0)::text AS found "
    "FROM unnest($1::text[], $2::bigint[]) AS j(tenant, frames) "
    "JOIN metering.tenant t ON t.code = j.tenant "
    "LEFT JOIN metering.frame_account a ON a.tenant_id = t.id AND a.outcome = 'received' "
    "GROUP BY t.id, j.frames HAVING COALESCE(sum(a.frames), 0) < j.frames ORDER BY 1"};

constexpr pg::Query kUnknownTenants{
    "verify.journal_tenants",
    "SELECT 0 AS tenant_id, j.tenant AS key, 'a utility of this code' AS expected, "
    "'none' AS found FROM unnest($1::text[]) AS j(tenant) "
    "WHERE NOT EXISTS (SELECT FROM metering.tenant t WHERE t.code = j.tenant)"};

JournalLine Parse(const nlohmann::json& json) {
  JournalLine out;
  out.tenant = json.at("tenant").get<std::string>();
  out.terminal = json.at("terminal").get<std::string>();
  out.device_address = json.at("device_address").get<std::string>();
  out.kind = json.at("kind").get<std::string>();
  out.device_time = json.at("device_time").get<std::string>();
  out.value_ml = json.at("value_ml").get<std::int64_t>();
  out.outcome = json.at("outcome").get<std::string>();
  out.frame_hex = json.at("frame_hex").get<std::string>();
  if (const auto hours = json.find("hours"); hours != json.end() && hours->is_array()) {
    for (const auto& hour : *hours) {
      out.hours.push_back(hour.is_null() ? -1 : hour.get<std::int64_t>());
    }
  }
  return out;
}

// The first difference of a statement, and how many there are in all batches.
class Differences {
 public:
  explicit Differences(std::string table) { finding_.table = std::move(table); }
  void Add(const pg::Rows& rows) {
    if (rows.empty()) return;
    if (finding_.count == 0) {
      const auto row = rows[0];
      finding_.tenant = row.Get<std::int64_t>("tenant_id");
      finding_.key = row.Get<std::string>("key");
      finding_.expected = row.Get<std::string>("expected");
      finding_.found = row.Get<std::string>("found");
    }
    finding_.count += static_cast<std::int64_t>(rows.size());
  }
  void AppendTo(std::vector<Finding>& findings) const {
    if (finding_.count > 0) findings.push_back(finding_);
  }

 private:
  Finding finding_;
};

using Lines = std::vector<const JournalLine*>;

// Runs a statement over the lines in batches: tenant, terminal, address and two columns more.
template <class Fourth, class Fifth>
void Hold(pg::Tx& tx, const pg::Query& query, const Lines& lines, Fourth fourth, Fifth fifth,
          Differences& out) {
  for (std::size_t begin = 0; begin < lines.size(); begin += kBatch) {
    std::vector<std::string> tenants, terminals, addresses;
    std::vector<decltype(fourth(*lines[0]))> fourths;
    std::vector<decltype(fifth(*lines[0]))> fifths;
    for (std::size_t i = begin; i < std::min(begin + kBatch, lines.size()); ++i) {
      tenants.push_back(lines[i]->tenant);
      terminals.push_back(lines[i]->terminal);
      addresses.push_back(lines[i]->device_address);
      fourths.push_back(fourth(*lines[i]));
      fifths.push_back(fifth(*lines[i]));
    }
    out.Add(tx.Exec(query, tenants, terminals, addresses, fourths, fifths));
  }
}

std::string ArrayText(const std::vector<std::int64_t>& values) {
  std::string out = "{";
  for (const auto value : values) {
    if (out.size() > 1) out += ',';
    out += std::to_string(value);
  }
  return out + "}";
}

struct SortedLines {
  Lines readings, days, quarantined;
  std::map<std::string, std::int64_t> received;  // by tenant, at least
};

SortedLines Sort(const std::vector<JournalLine>& lines) {
  SortedLines out;
  for (const auto& line : lines) {
    if (line.outcome == "checksum" || line.outcome == "answered") continue;
    ++out.received[line.tenant];
    if (line.outcome == "duplicate") continue;  // its first line is held against what is stored
    if (line.outcome.starts_with(kQuarantined)) {
      out.quarantined.push_back(&line);
    } else {
      (line.kind == "day" ? out.days : out.readings).push_back(&line);
    }
  }
  return out;
}

void HoldReceived(pg::Tx& tx, const SortedLines& sorted, std::vector<Finding>& findings) {
  std::vector<std::string> tenants;
  std::vector<std::int64_t> frames;
  for (const auto& [tenant, count] : sorted.received) {
    tenants.push_back(tenant);
    frames.push_back(count);
  }
  Differences unknown("metering.tenant");
  unknown.Add(tx.Exec(kUnknownTenants, tenants));
  unknown.AppendTo(findings);
  Differences received("metering.frame_account");
  received.Add(tx.Exec(kReceived, tenants, frames));
  received.AppendTo(findings);
}

}  // namespace

Result<std::vector<JournalLine>> ReadJournal(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Fail(Code::kNotFound, "JOURNAL_NOT_FOUND", "Cannot read " + path + ".");
  std::vector<JournalLine> out;
  std::string text;
  while (std::getline(file, text)) {
    if (!text.ends_with('}')) continue;  // cut short by a kill
    const auto json = nlohmann::json::parse(text, nullptr, false);
    try {
      out.push_back(Parse(json));
    } catch (const nlohmann::json::exception& e) {
      return Fail(Code::kInvalidArgument, "JOURNAL_MALFORMED",
                  path + ", line " + std::to_string(out.size() + 1) + ": " + e.what());
    }
  }
  return out;
}

Proof ProveReadings(const std::vector<JournalLine>& lines) {
  return [sorted = Sort(lines), examined = lines.size()](pg::Tx& tx) {
    Verdict out;
    out.name = "readings: the fleet's journal";
    out.examined = static_cast<std::int64_t>(examined);
    const auto begin = std::chrono::steady_clock::now();
    HoldReceived(tx, sorted, out.findings);
    const auto time = [](const JournalLine& line) { return line.device_time; };
    Differences readings("metering.reading");
    Hold(
        tx, kReadings, sorted.readings, time, [](const JournalLine& line) { return line.value_ml; },
        readings);
    readings.AppendTo(out.findings);
    Differences days("metering.day_series");
    Hold(
        tx, kDays, sorted.days, time, [](const JournalLine& line) { return ArrayText(line.hours); },
        days);
    days.AppendTo(out.findings);
    Differences quarantined("metering.quarantine");
    Hold(
        tx, kQuarantines, sorted.quarantined,
        [](const JournalLine& line) {
          return line.outcome.substr(std::string_view(kQuarantined).size());
        },
        [](const JournalLine& line) { return line.frame_hex; }, quarantined);
    quarantined.AppendTo(out.findings);
    out.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return out;
  };
}

}  // namespace karez::verify
