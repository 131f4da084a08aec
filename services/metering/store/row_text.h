// Small values in the text form that SQL takes.
#pragma once

#include <string>
#include <vector>

namespace karez::metering::store {

// For string_to_array(…, ','): flags are fixed words of ours and hold no comma.
inline std::string JoinFlags(const std::vector<std::string>& flags) {
  std::string out;
  for (const std::string& flag : flags) out += (out.empty() ? "" : ",") + flag;
  return out;
}

}  // namespace karez::metering::store
