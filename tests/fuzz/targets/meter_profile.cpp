// Any text as a meter or terminal profile, and any hex as a frame to explain.
#include <string_view>
#include <vector>

#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/profiles_json/describe.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace karez::protocols;  // NOLINT: a program of one function
  static const ProfileCatalogue built_in = ProfileCatalogue::BuiltIn();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ProfileCatalogue catalogue;
  catalogue.AddMeter("fuzz", text);
  catalogue.AddTerminal("fuzz", text);
  std::vector<std::byte> bytes;
  if (ParseHex(text, bytes)) {
    for (const MeterProfile& profile : built_in.meters()) DescribeFrame(profile, bytes);
    DescribeEnvelope(built_in.meters().front(), bytes);
  }
  return 0;
}
