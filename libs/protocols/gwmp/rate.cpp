#include <charconv>

#include "libs/protocols/gwmp/radio.h"

namespace karez::protocols::gwmp {
namespace {

constexpr std::string_view kErrors[] = {
    "NONE",     "TOO_LATE",     "TOO_EARLY", "COLLISION_PACKET", "COLLISION_BEACON", "TX_FREQ",
    "TX_POWER", "GPS_UNLOCKED", "OTHER"};

// Digits at the head of `text`, taken off it.
template <class T>
bool TakeNumber(std::string_view& text, T& out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::string_view Name(TxError error) { return kErrors[static_cast<size_t>(error)]; }

bool ParseDataRate(std::string_view text, DataRate& out) {
  out = {};
  return TakePrefix(text, "SF") && TakeNumber(text, out.spreading_factor) &&
         TakePrefix(text, "BW") && TakeNumber(text, out.bandwidth_khz) && text.empty() &&
         out.spreading_factor >= 5 && out.spreading_factor <= 12;
}

FixedText<16> LoraRateText(const DataRate& rate) {
  char digits[16];
  FixedText<16> text("SF");
  const auto add = [&](unsigned number) {
    const auto [end, fault] = std::to_chars(digits, digits + sizeof digits, number);
    for (const char* c = digits; c != end; ++c) text.push_back(*c);
  };
  add(rate.spreading_factor);
  text.push_back('B');
  text.push_back('W');
  add(rate.bandwidth_khz);
  return text;
}

}  // namespace karez::protocols::gwmp
