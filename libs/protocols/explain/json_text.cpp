#include "libs/protocols/explain/json_text.h"

#include <cstdio>

namespace karez::protocols {
namespace {

int Rank(Fault fault) {
  switch (fault) {
    case Fault::kChecksum:
      return 5;
    case Fault::kEnd:
      return 4;
    case Fault::kLength:
      return 3;
    case Fault::kShort:
      return 2;
    default:
      return 1;
  }
}

}  // namespace

std::string Hex(Bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) {
    if (!text.empty()) text += ' ';
    text += HexNumber(std::to_integer<uint64_t>(b), 2);
  }
  return text;
}

std::string CompactHex(Bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) text += Lower(HexNumber(std::to_integer<uint64_t>(b), 2));
  return text;
}

std::string HexNumber(uint64_t value, int digits) {
  std::string text(static_cast<size_t>(digits), '0');
  for (size_t i = text.size(); i > 0; --i, value >>= 4)
    text[i - 1] = "0123456789ABCDEF"[value & 0xF];
  return text;
}

std::string Decimal(int64_t raw, int exponent) {
  std::string text = std::to_string(raw);
  if (exponent >= 0) {
    if (raw != 0) text.append(static_cast<size_t>(exponent), '0');
    return text;
  }
  const bool negative = raw < 0;
  if (negative) text.erase(0, 1);
  const auto decimals = static_cast<size_t>(-exponent);
  if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
  text.insert(text.size() - decimals, 1, '.');
  return negative ? "-" + text : text;
}

std::string DateText(const LocalTime& time) {
  char text[16];
  std::snprintf(text, sizeof text, "%04u-%02u-%02u", time.year % 10000u, time.month % 100u,
                time.day % 100u);
  return text;
}

std::string TimeText(const LocalTime& time) {
  char text[16];
  std::snprintf(text, sizeof text, "T%02u:%02u:%02u", time.hour % 100u, time.minute % 100u,
                time.second % 100u);
  return DateText(time) + text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsText(Bytes bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = std::to_integer<uint32_t>(bytes[i]);
    const size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (size > bytes.size() - i || (size > 1 && lead < 0xC2) || lead > 0xF4) return false;
    uint32_t code = size == 1 ? lead : lead & (0x7Fu >> size);
    for (size_t k = 1; k < size; ++k) {
      const auto next = std::to_integer<uint32_t>(bytes[i + k]);
      if (next >> 6 != 2) return false;
      code = code << 6 | (next & 0x3F);
    }
    constexpr uint32_t kFirst[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kFirst[size] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    if (code == 0x7F || (code < 0x20 && code != '\t' && code != '\r' && code != '\n')) return false;
    i += size;
  }
  return true;
}

std::string Text(Bytes bytes) {
  if (!IsText(bytes)) return CompactHex(bytes);
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Json PlaceJson(std::string_view name, Bytes frame, size_t offset, size_t length) {
  return {{"name", name},
          {"offset", offset},
          {"length", length},
          {"hex", Hex(frame.subspan(offset, length))}};
}

Json FaultJson(const Error& error, size_t offset, int digits) {
  Json json = {{"valid", false},
               {"reason", Lower(Name(error.fault))},
               {"position", offset + error.position}};
  if (error.fault == Fault::kChecksum) {
    json["computed_cs"] = HexNumber(error.expected, digits);
    json["published_cs"] = HexNumber(error.found, digits);
    return json;
  }
  json["expected"] = error.expected;
  json["found"] = error.found;
  return json;
}

Json FieldFaultJson(const json::FieldError& error) {
  Json json = {{"valid", false}, {"reason", Lower(Name(error.fault))}};
  if (error.fault == Fault::kField) json["field"] = error.field;
  return json;
}

Json AlarmsJson(const Observation& observation) {
  Json list = Json::array();
  for (int i = 0; i < kAlarmCount; ++i) {
    const auto alarm = static_cast<Alarm>(i);
    if (observation.alarms.Has(alarm)) list.push_back(Name(alarm));
  }
  return list;
}

Json RejectionsJson(const Observation& observation) {
  Json list = Json::array();
  for (const Rejection& rejection : observation.rejections) {
    list.push_back({{"field", rejection.field}, {"reason", Name(rejection.reason)}});
  }
  return list;
}

void BestFailure::Consider(const Error& error, size_t offset) {
  if (Rank(error.fault) <= Rank(error_.fault)) return;
  error_ = error;
  offset_ = offset;
}

Json BestFailure::ToJson(int digits) const { return FaultJson(error_, offset_, digits); }

}  // namespace karez::protocols
