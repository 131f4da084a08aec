#include "services/metering/domain/terminal.h"

#include <algorithm>

namespace karez::metering::domain {
namespace {

constexpr std::size_t kWireDigits = 16;

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'A' && c <= 'F'); }
bool IsAlnum(char c) { return IsDigit(c) || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string KindName(Terminal::Kind kind) {
  return kind == Terminal::Kind::kAcknowledged ? "acknowledged" : "transparent";
}

Result<Terminal::Kind> ParseKind(const std::string& text) {
  if (text == "acknowledged") return Terminal::Kind::kAcknowledged;
  if (text == "transparent") return Terminal::Kind::kTransparent;
  return FailField("terminal_kind", "Must be acknowledged or transparent.");
}

Result<std::string> WireNumber(Terminal::Kind kind, const std::string& number) {
  std::string wire = number;
  std::ranges::transform(wire, wire.begin(), Upper);
  const bool fits = !wire.empty() && wire.size() <= kWireDigits;
  if (kind == Terminal::Kind::kAcknowledged && !(fits && std::ranges::all_of(wire, IsHex))) {
    return FailField("number",
                     "Must be 1 to 16 digits or letters A to F for an acknowledged terminal.");
  }
  if (!fits || !std::ranges::all_of(wire, IsAlnum)) {
    return FailField("number", "Must be 1 to 16 letters and digits for a transparent terminal.");
  }
  wire.erase(0, std::min(wire.find_first_not_of('0'), wire.size() - 1));
  return wire;
}

void CheckPollSeconds(int seconds, Violations& bad) {
  if (seconds < 10 || seconds > 86400) {
    bad.Add("poll_seconds", "Must be 10 to 86400 seconds.");
  }
}

}  // namespace karez::metering::domain
