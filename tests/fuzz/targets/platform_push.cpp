// Any text as a push of each carrier platform; the same text twice has the same key, and properties
// are read by a profile of every form.
#include <cstdlib>
#include <string_view>

#include "libs/protocols/platforms/message.h"
#include "libs/protocols/platforms/onenet.h"
#include "libs/protocols/platforms/raw_member.h"
#include "libs/protocols/properties/observe.h"

namespace {

using namespace karez::protocols;             // NOLINT: a program of one function
using namespace karez::protocols::platforms;  // NOLINT

properties::Profile MakeProfile() {
  using properties::Form;
  using properties::Role;
  constexpr struct {
    const char* property;
    Form form;
    Role role;
  } kSpecs[] = {
      {"total", Form::kNumber, Role::kNone},        {"status", Form::kNumber, Role::kStatus},
      {"id", Form::kText, Role::kDeviceId},         {"s", Form::kUnixTime, Role::kDeviceTime},
      {"ms", Form::kUnixTimeMs, Role::kDeviceTime}, {"clock", Form::kClock, Role::kDeviceTime},
      {"rsrp", Form::kNumber, Role::kSignal}};
  properties::Profile profile;
  for (const auto& one : kSpecs) {
    properties::PropertySpec spec;
    spec.property = spec.name = one.property;
    spec.form = one.form;
    spec.role = one.role;
    spec.no_value = "-1";
    if (one.role == Role::kNone) spec.measure.emplace();
    if (one.role == Role::kStatus) {
      spec.rules.push_back({0xFFFF, 1, StatusRule::Meaning::kValveOpen, Alarm::kLeak});
      spec.values.push_back({"1.0", spec.rules});
    }
    profile.properties.push_back(std::move(spec));
  }
  return profile;
}

void ObserveAll(const PlatformMessage& message) {
  static const properties::Profile profile = MakeProfile();
  Observation observation;
  properties::Observe({message.properties.begin(), message.properties.size()}, profile,
                      observation);
}

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
    ObserveAll(message);
  }
  if (reader.ReadHuawei(body, message).ok() && message.dedup != DedupKeyOf(message)) std::abort();
  onenet::Envelope envelope;
  for (const char* key : {"", "0123456789abcdef", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}) {
    if (!opener.Open(body, {"", key}, envelope).ok()) continue;
    // Views into the body and the opener, all read.
    (void)reader.ReadOnenet(envelope.msg, envelope.id, envelope.time_ms, message);
  }
  for (size_t index = 0; index < 3; ++index) {
    if (reader.ReadOnenet(body, "1", 1, message, index).ok()) ObserveAll(message);
  }
  const auto root = parser.Parse(body);
  if (root && root->type() == json::Type::kObject) {
    const std::string_view raw = RawMember(body, "msg");
    if (!raw.empty() && !parser.Parse(raw)) std::abort();
  }
  return 0;
}
