// LwM2M content that names its resources: SenML-JSON (110) and SenML-CBOR (112) of LwM2M 1.1
// (RFC 8428, TS-Core 7.4.4 and 7.4.5), and the JSON of LwM2M 1.0 (11543, section 6.4.4).
//
//   [{"bn":"/3/0/","bt":25462634,"n":"9","v":100}, …]     {"bn":"/3/0/","e":[{"n":"9","v":100}, …]}
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "libs/protocols/json/document.h"
#include "libs/protocols/lwm2m/node.h"

namespace karez::protocols::lwm2m {

// Reads content into entries whose views are valid until the next reading. `base` is the path that
// was asked for: names are joined to it when the content has no base name of its own (1.0 JSON).
// A value of the wrong kind for its resource is rejected, the others stand. A resource that no
// table knows is taken as it comes. Keeps its buffers; one per thread.
// Faults: kLayout no such content, kVersion a base version above 10 or a label that must be
// understood (ends with _), kIdentifier a name that is no path of a resource (`found` counts the
// record), kLength more than kMaxEntries records.
class NamedReader {
 public:
  NamedReader();

  [[nodiscard]] Error ReadSenmlJson(std::string_view text, Entries& out);
  [[nodiscard]] Error ReadSenmlCbor(Bytes content, Entries& out);
  [[nodiscard]] Error ReadJson(std::string_view text, const Path& base, Entries& out);

  // Of content without any value: the paths that a composite read wants.
  std::span<const Path> asked() const { return {asked_.begin(), asked_.size()}; }

 private:
  json::Parser parser_;
  Paths asked_;
  std::vector<std::byte> opaque_;  // decoded base64, one behind another
};

// Write ordered entries (AreOrdered) below `base`. Times are written when they are not kAbsent.
// kValue: entries out of order or rejected, a number without a decimal form; kBuffer.
[[nodiscard]] Written WriteSenmlJson(std::span<const Entry> entries, const Path& base,
                                     std::span<char> out);
[[nodiscard]] Written WriteSenmlCbor(std::span<const Entry> entries, const Path& base,
                                     std::span<std::byte> out);
[[nodiscard]] Written WriteJson(std::span<const Entry> entries, const Path& base,
                                std::span<char> out);

}  // namespace karez::protocols::lwm2m
