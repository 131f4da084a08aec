#include "services/metering/usecases/create_terminal.h"

#include "services/metering/store/meter_store.h"
#include "services/metering/store/terminal_store.h"

namespace karez::metering::usecases {

Result<domain::Terminal> DraftTerminal(const protocols::ProfileCatalogue& profiles,
                                       const NewTerminal& wanted) {
  Violations bad;
  domain::Terminal terminal;
  terminal.id = domain::TerminalId::New();
  terminal.number = wanted.number;
  terminal.kind = wanted.kind;
  terminal.branch_id = wanted.branch_id;
  terminal.profile = wanted.profile;
  terminal.poll_seconds =
      wanted.poll_seconds == 0 ? domain::kDefaultPollSeconds : wanted.poll_seconds;
  if (const auto wire = domain::WireNumber(wanted.kind, wanted.number); !wire) {
    bad.Add("", wire.error());
  }
  domain::CheckPollSeconds(terminal.poll_seconds, bad);
  const bool transparent = wanted.kind == domain::Terminal::Kind::kTransparent;
  const auto* profile = profiles.FindTerminal(wanted.profile);
  if (transparent && (profile == nullptr || profile->acknowledged)) {
    bad.Add("terminal_profile",
            "Must name the profile of a transparent terminal, e.g. dtu-reg-hb.");
  }
  if (!transparent && !wanted.profile.empty() && (profile == nullptr || !profile->acknowledged)) {
    bad.Add("terminal_profile", "Leave it empty for an acknowledged terminal.");
  }
  RETURN_IF_ERROR(bad.Check());
  return terminal;
}

Result<void> CreateTerminal(pg::Tx& tx, const Context& context, const domain::Terminal& terminal) {
  RETURN_IF_ERROR(store::RequireBranch(tx, context, terminal.branch_id));
  ASSIGN_OR_RETURN(const auto wire, domain::WireNumber(terminal.kind, terminal.number));
  return store::InsertTerminal(tx, context, terminal, wire);
}

}  // namespace karez::metering::usecases
