#include "services/metering/store/terminal_store.h"

namespace karez::metering::store {
namespace {

constexpr pg::Query kInsertKey{"metering.insert_terminal_key", R"sql(
  INSERT INTO terminal_key (number, kind, wire_number, tenant_id, terminal_id)
  VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING)sql"};

constexpr pg::Query kInsertTerminal{"metering.insert_terminal", R"sql(
  INSERT INTO terminal (tenant_id, id, number, kind, branch_id, profile, poll_seconds, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))sql"};

constexpr pg::Query kGetTerminal{"metering.get_terminal", R"sql(
  SELECT t.id, t.number, t.kind, t.branch_id, t.profile, t.poll_seconds, t.version,
         c.connected, c.last_contact,
         (SELECT count(*) FROM meter m WHERE m.tenant_id = $1 AND m.terminal_id = t.id) AS meters
    FROM terminal t
    LEFT JOIN terminal_contact c ON c.tenant_id = t.tenant_id AND c.terminal_id = t.id
   WHERE t.tenant_id = $1 AND t.id = $2
     AND ($3::uuid[] IS NULL OR t.branch_id = ANY($3::uuid[])))sql"};

constexpr pg::Query kListTerminals{"metering.list_terminals", R"sql(
  SELECT t.id, t.number, t.kind, t.branch_id, t.profile, t.poll_seconds, t.version,
         c.connected, c.last_contact,
         (SELECT count(*) FROM meter m WHERE m.tenant_id = $1 AND m.terminal_id = t.id) AS meters
    FROM terminal t
    LEFT JOIN terminal_contact c ON c.tenant_id = t.tenant_id AND c.terminal_id = t.id
   WHERE t.tenant_id = $1 AND ($2::uuid[] IS NULL OR t.branch_id = ANY($2::uuid[]))
     AND t.number > $3
   ORDER BY t.number
   LIMIT $4)sql"};

constexpr pg::Query kFindTerminal{"metering.find_terminal", R"sql(
  SELECT id, number, kind, branch_id, profile, poll_seconds, version
    FROM terminal
   WHERE tenant_id = $1 AND number = $2)sql"};

constexpr pg::Query kLoadTerminal{"metering.load_terminal", R"sql(
  SELECT id, number, kind, branch_id, profile, poll_seconds, version
    FROM terminal
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kFindKey{"metering.find_terminal_key", R"sql(
  SELECT tenant_id, terminal_id, number
    FROM terminal_key
   WHERE kind = $1 AND wire_number = $2)sql"};

constexpr pg::Query kSaveContacts{"metering.save_contacts", R"sql(
  INSERT INTO terminal_contact AS c (tenant_id, terminal_id, edge_id, connected, last_contact)
  SELECT $1, terminal_id, $2, connected, last_contact
    FROM unnest($3::uuid[], $4::boolean[], $5::timestamptz[])
         AS seen (terminal_id, connected, last_contact)
   ORDER BY terminal_id
      ON CONFLICT (tenant_id, terminal_id) DO UPDATE
     SET edge_id = excluded.edge_id, connected = excluded.connected,
         last_contact = excluded.last_contact
   WHERE excluded.last_contact >= c.last_contact
     AND (excluded.connected OR c.edge_id = excluded.edge_id))sql"};

constexpr pg::Query kForgetContacts{"metering.forget_contacts", R"sql(
  UPDATE terminal_contact SET connected = false
   WHERE tenant_id = $1 AND edge_id = $2 AND connected)sql"};

domain::Terminal ToTerminal(const pg::Row& row) {
  domain::Terminal terminal;
  terminal.id = row.Get<domain::TerminalId>("id");
  terminal.number = row.Get<std::string>("number");
  terminal.kind = domain::ParseKind(row.Get<std::string>("kind")).value();
  terminal.branch_id = row.Get<BranchId>("branch_id");
  terminal.profile = row.Get<std::string>("profile");
  terminal.poll_seconds = row.Get<int>("poll_seconds");
  terminal.version = row.Get<std::int64_t>("version");
  return terminal;
}

TerminalRow ToTerminalRow(const pg::Row& row) {
  return {ToTerminal(row), row.Get<std::optional<Instant>>("last_contact"),
          row.Get<std::optional<bool>>("connected").value_or(false), row.Get<int>("meters")};
}

}  // namespace

Result<void> InsertTerminal(pg::Tx& tx, const Context& context, const domain::Terminal& terminal,
                            const std::string& wire_number) {
  const std::string kind = domain::KindName(terminal.kind);
  const auto key =
      tx.Exec(kInsertKey, terminal.number, kind, wire_number, context.tenant_id(), terminal.id);
  if (key.affected() == 0) {
    return Fail(Code::kAlreadyExists, "TERMINAL_NUMBER_TAKEN",
                "A terminal with this number is registered already.",
                {{"number", terminal.number}});
  }
  tx.Exec(kInsertTerminal, context.tenant_id(), terminal.id, terminal.number, kind,
          terminal.branch_id, terminal.profile, terminal.poll_seconds, terminal.version);
  return {};
}

Result<TerminalRow> GetTerminal(pg::Tx& tx, const Context& context, domain::TerminalId id) {
  const auto rows = tx.Exec(kGetTerminal, context.tenant_id(), id, context.scope().Limit());
  if (rows.empty()) {
    return Fail(Code::kNotFound, "TERMINAL_NOT_FOUND", "There is no terminal with this id.");
  }
  return ToTerminalRow(rows.One());
}

std::vector<TerminalRow> ListTerminals(pg::Tx& tx, const Context& context,
                                       const std::string& after_number, int limit) {
  std::vector<TerminalRow> out;
  for (const pg::Row row :
       tx.Exec(kListTerminals, context.tenant_id(), context.scope().Limit(), after_number, limit)) {
    out.push_back(ToTerminalRow(row));
  }
  return out;
}

std::optional<domain::Terminal> FindTerminal(pg::Tx& tx, const Context& context,
                                             const std::string& number) {
  const auto rows = tx.Exec(kFindTerminal, context.tenant_id(), number);
  if (rows.empty()) return std::nullopt;
  return ToTerminal(rows.One());
}

std::optional<TerminalKey> FindTerminalKey(pg::Tx& tx, domain::Terminal::Kind kind,
                                           const std::string& wire_number) {
  const auto rows = tx.Exec(kFindKey, domain::KindName(kind), wire_number);
  if (rows.empty()) return std::nullopt;
  const pg::Row row = rows.One();
  return TerminalKey{row.Get<TenantId>("tenant_id"), row.Get<domain::TerminalId>("terminal_id"),
                     row.Get<std::string>("number")};
}

std::optional<domain::Terminal> LoadTerminal(pg::Tx& tx, TenantId tenant, domain::TerminalId id) {
  const auto rows = tx.Exec(kLoadTerminal, tenant, id);
  if (rows.empty()) return std::nullopt;
  return ToTerminal(rows.One());
}

void SaveContacts(pg::Tx& tx, TenantId tenant, const std::string& edge_id,
                  const std::vector<Contact>& contacts) {
  std::vector<domain::TerminalId> ids;
  std::vector<bool> connected;
  std::vector<Instant> times;
  for (const Contact& contact : contacts) {
    ids.push_back(contact.terminal_id);
    connected.push_back(contact.connected);
    times.push_back(contact.at);
  }
  tx.Exec(kSaveContacts, tenant, edge_id, ids, connected, times);
}

void ForgetContacts(pg::Tx& tx, TenantId tenant, const std::string& edge_id) {
  tx.Exec(kForgetContacts, tenant, edge_id);
}

}  // namespace karez::metering::store
