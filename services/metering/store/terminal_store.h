// Terminals, and what an edge must know of them before there is a tenant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/terminal.h"

namespace karez::metering::store {

// ALREADY_EXISTS: TERMINAL_NUMBER_TAKEN; the number is unique in the installation.
// `wire_number`: domain::WireNumber.
Result<void> InsertTerminal(pg::Tx& tx, const Context& context, const domain::Terminal& terminal,
                            const std::string& wire_number);

struct TerminalRow {
  domain::Terminal terminal;
  std::optional<Instant> last_contact;
  bool connected = false;
  int meters = 0;
};
// NOT_FOUND: TERMINAL_NOT_FOUND.
Result<TerminalRow> GetTerminal(pg::Tx& tx, const Context& context, domain::TerminalId id);
// By number, after `after_number`.
std::vector<TerminalRow> ListTerminals(pg::Tx& tx, const Context& context,
                                       const std::string& after_number, int limit);
std::optional<domain::Terminal> FindTerminal(pg::Tx& tx, const Context& context,
                                             const std::string& number);

// A terminal as it registers at an edge. In a transaction without a tenant.
struct TerminalKey {
  TenantId tenant = 0;
  domain::TerminalId id;
  std::string number;
};
std::optional<TerminalKey> FindTerminalKey(pg::Tx& tx, domain::Terminal::Kind kind,
                                           const std::string& wire_number);
// In a transaction of the terminal's tenant; for the edge.
std::optional<domain::Terminal> LoadTerminal(pg::Tx& tx, TenantId tenant, domain::TerminalId id);

struct Contact {
  domain::TerminalId terminal_id;
  bool connected = false;
  Instant at;
};
// Contacts of one tenant, seen by `edge_id`.
void SaveContacts(pg::Tx& tx, TenantId tenant, const std::string& edge_id,
                  const std::vector<Contact>& contacts);
// After a start: nobody is connected to this edge yet.
void ForgetContacts(pg::Tx& tx, TenantId tenant, const std::string& edge_id);

}  // namespace karez::metering::store
