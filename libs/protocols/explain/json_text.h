// Values of the inner model as JSON, and what all explainers share. Internal to this library.
#pragma once

#include <string>

#include "libs/protocols/error.h"
#include "libs/protocols/explain/explain.h"
#include "libs/protocols/framer.h"
#include "libs/protocols/json/document.h"
#include "libs/protocols/observation.h"

namespace karez::protocols {

std::string Hex(Bytes bytes);                       // "90 1F"
std::string CompactHex(Bytes bytes);                // "901f"
std::string HexNumber(uint64_t value, int digits);  // "901F"
std::string Decimal(int64_t raw, int exponent);     // raw × 10^exponent, exact: "2.00"
std::string DateText(const LocalTime& time);        // "2026-10-01"
std::string TimeText(const LocalTime& time);        // "2026-10-01T00:00:00"
std::string Lower(std::string_view text);
bool IsText(Bytes bytes);       // UTF-8 without control characters other than tab and line ends
std::string Text(Bytes bytes);  // the text, or CompactHex of what is none

// {"name", "offset", "length", "hex"} of a part of `frame`.
Json PlaceJson(std::string_view name, Bytes frame, size_t offset, size_t length);

// What is wrong, in the words of the fact sheet's vectors: "reason", and for a checksum
// "computed_cs" and "published_cs" of `digits` hex digits.
Json FaultJson(const Error& error, size_t offset, int digits);

// The same for a JSON message: "reason" and the "field".
Json FieldFaultJson(const json::FieldError& error);

Json AlarmsJson(const Observation& observation);  // their names

// [{"field", "reason"}] of the fields without a value.
Json RejectionsJson(const Observation& observation);

// The candidate that came furthest before it failed: the later the check, the likelier that it is
// the frame that the asker means.
class BestFailure {
 public:
  void Consider(const Error& error, size_t offset);
  // FaultJson of the candidate; without any, that there is no start.
  Json ToJson(int digits) const;

 private:
  Error error_{Fault::kStart, 0, 0, 0};
  size_t offset_ = 0;
};

// Looks for frames in `bytes` as a framer does. Calls `on_frame(frame, offset) → Json` for each;
// the first one's members join `out`, more appear under "next". Without a frame, `check(rest)`
// tells what is wrong with the bytes at a place where `may_start(rest)`.
template <class Probe, class MayStart, class Check, class OnFrame>
void ExplainFrames(Bytes bytes, const Probe& probe, MayStart may_start, Check check,
                   int checksum_digits, OnFrame on_frame, Json& out) {
  BestFailure best;
  bool found = false;
  for (size_t at = 0; at < bytes.size();) {
    const Bytes rest = bytes.subspan(at);
    const Candidate candidate = probe(rest);
    if (candidate.match != Match::kFrame) {
      if (may_start(rest)) best.Consider(check(rest), at);
      ++at;
      continue;
    }
    Json frame = on_frame(rest.first(candidate.size), at);
    if (found) {
      out["next"].push_back(std::move(frame));
    } else {
      out.update(frame);
      found = true;
    }
    at += candidate.size;
  }
  if (!found) out.update(best.ToJson(checksum_digits));
}

}  // namespace karez::protocols
