// What a profile knows of one make's meters, shown: flags by name, the data behind DIF 0F.
#include <bit>

#include "libs/protocols/bcd.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/explain/mbus_parts.h"

namespace karez::protocols {
namespace {

using mbus::FlagName;
using mbus::MakerPart;

std::string FlagsText(uint64_t bits, const std::vector<FlagName>& names) {
  std::string text;
  const auto add = [&text](const std::string& name) { text += (text.empty() ? "" : " ") + name; };
  for (const FlagName& name : names) {
    if ((bits >> name.bit & 1) == 0) continue;
    add(name.name);
    bits &= ~(uint64_t{1} << name.bit);
  }
  for (int bit = 0; bit < 64; ++bit) {
    if ((bits >> bit & 1) != 0) add("BIT_" + std::to_string(bit));
  }
  return text.empty() ? "OK" : text;
}

Json DateJson(Bytes bytes) {
  uint8_t digits[3];
  for (size_t i = 0; i < 3; ++i) {
    const uint64_t packed = std::to_integer<uint64_t>(bytes[i]);
    if (!IsBcd(packed)) return nullptr;
    digits[i] = static_cast<uint8_t>(FromBcd(packed));
  }
  const LocalTime date{static_cast<uint16_t>(2000 + digits[0]), digits[1], digits[2], 0, 0, 0};
  return IsValid(date) ? Json(DateText(date)) : Json(nullptr);
}

Json PartJson(const MakerPart& part, Bytes bytes) {
  if (part.form == MakerPart::Form::kDate) return DateJson(bytes);
  if (part.form == MakerPart::Form::kBytes) return Hex(bytes);
  uint64_t number = LoadLowFirst(bytes);
  const bool none = part.flags.empty() && number == UINT64_MAX >> (64 - 8 * bytes.size());
  number = (number & part.mask) >> std::countr_zero(part.mask);
  if (!part.flags.empty()) return HexNumber(number, static_cast<int>(2 * bytes.size()));
  if (number < part.values.size()) return part.values[number];
  if (none || !part.values.empty()) return nullptr;
  if (part.exponent == 0) return number;
  return Decimal(static_cast<int64_t>(number), part.exponent);
}

std::string PartName(const MakerPart& part, size_t n) {
  constexpr std::string_view kNumber = "{n}";
  std::string name = part.name;
  const size_t at = name.find(kNumber);
  if (at != std::string::npos) name.replace(at, kNumber.size(), std::to_string(n + 1));
  return name;
}

}  // namespace

const MeterProfile* ProfileOf(const Question& question, const mbus::Identity& device) {
  const auto fits = [](const MeterProfile& profile) {
    return profile.protocol == Protocol::kMbus || profile.protocol == Protocol::kWmbus;
  };
  if (question.profile != nullptr && fits(*question.profile)) return question.profile;
  if (question.known == nullptr) return nullptr;
  for (auto at = question.known->rbegin(); at != question.known->rend(); ++at) {
    if (fits(*at) && at->mbus.IsAbout(device)) return &*at;
  }
  return nullptr;
}

void ExplainFlags(const mbus::Record& record, const mbus::Profile& profile, Json& out) {
  const mbus::Flags* flags = profile.FlagsOf(record);
  if (flags == nullptr) return;
  Offer("status_flags", FlagsText(LoadLowFirst(record.value) & flags->mask, flags->bits), out);
}

size_t ExplainMakerData(size_t data_at, Bytes data, const mbus::Profile& profile,
                        TelegramFields& fields, Json& out) {
  const mbus::MakerData* layout = profile.MakerDataOf(data);
  if (layout == nullptr || data.empty()) return 0;
  const auto first = std::to_integer<unsigned>(data[0]);
  size_t at = 0;
  for (const MakerPart& part : layout->parts) {
    if (part.when && (first >> *part.when & 1) == 0) continue;
    for (size_t n = 0; n < part.count; ++n) {
      if (data.size() - at < part.size) return at;
      const Bytes bytes = data.subspan(at, part.size);
      const std::string name = PartName(part, n);
      Offer(name, PartJson(part, bytes), out);
      if (!part.flags.empty()) {
        Offer("status_flags", FlagsText(LoadLowFirst(bytes) & part.mask, part.flags), out);
      }
      fields.Add(name, data_at + at, part.size);
      at += part.size;
    }
  }
  return at;
}

}  // namespace karez::protocols
