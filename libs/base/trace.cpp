#include "libs/base/trace.h"

#include <algorithm>
#include <random>

#include "libs/base/bytes.h"

namespace karez {
namespace {

std::string RandomHex(std::size_t bytes) {
  thread_local std::mt19937_64 random(std::random_device{}() ^
                                      (std::uint64_t{std::random_device{}()} << 32));
  std::string raw;
  while (raw.size() < bytes) {
    const std::uint64_t word = random();
    raw.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  raw.resize(bytes);
  raw[0] = static_cast<char>(raw[0] | 1);  // an id of all zeros is invalid
  return ToHex(raw);
}

bool IsId(std::string_view text) {
  const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  return hex && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

Trace Trace::New() { return {RandomHex(16), RandomHex(8)}; }

Trace Trace::FromTraceparent(std::string_view value) {
  if (value.size() >= 55 && value[2] == '-' && value[35] == '-' && value[52] == '-' &&
      value.substr(0, 2) != "ff") {
    const auto trace_id = value.substr(3, 32);
    const auto span_id = value.substr(36, 16);
    if (IsId(trace_id) && IsId(span_id)) return {std::string(trace_id), std::string(span_id)};
  }
  return New();
}

Trace Trace::Child() const { return {trace_id, RandomHex(8)}; }

std::string Trace::traceparent() const { return "00-" + trace_id + "-" + span_id + "-01"; }

}  // namespace karez
