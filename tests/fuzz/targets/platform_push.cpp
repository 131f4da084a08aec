// Any text as a push of each carrier platform; the same text twice has the same key.
#include <cstdlib>
#include <string_view>

#include "libs/protocols/platforms/message.h"
#include "libs/protocols/platforms/onenet.h"
#include "libs/protocols/platforms/raw_member.h"

namespace {

using namespace karez::protocols;             // NOLINT: a program of one function
using namespace karez::protocols::platforms;  // NOLINT

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static PushReader reader;
  static onenet::Opener opener;
  static PlatformMessage message;
  static json::Parser parser;
  if (reader.ReadCtwing(body, message).ok()) {
    const DedupKey first = message.dedup;
    if (!reader.ReadCtwing(body, message).ok() || message.dedup != first) std::abort();
  }
  if (reader.ReadHuawei(body, message).ok() && message.dedup != DedupKeyOf(message)) std::abort();
  onenet::Envelope envelope;
  for (const char* key : {"", "0123456789abcdef", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}) {
    if (!opener.Open(body, {"", key}, envelope).ok()) continue;
    // Views into the body and the opener, all read.
    (void)reader.ReadOnenet(envelope.msg, envelope.id, envelope.time_ms, message);
  }
  (void)reader.ReadOnenet(body, "1", 1, message);
  const auto root = parser.Parse(body);
  if (root && root->type() == json::Type::kObject) {
    const std::string_view raw = RawMember(body, "msg");
    if (!raw.empty() && !parser.Parse(raw)) std::abort();
  }
  return 0;
}
