// Any text as an event of ChirpStack, of each type; a downlink command must come back.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/chirpstack/event.h"

namespace {

using namespace karez::protocols;              // NOLINT: a program of one function
using namespace karez::protocols::chirpstack;  // NOLINT

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  static json::Parser parser;
  static std::array<char, 1 << 16> text;
  const std::string_view all(reinterpret_cast<const char*>(input), size);
  for (int type = 0; type <= static_cast<int>(EventType::kIntegration); ++type) {
    Event event;
    if (!ReadEvent(parser, all, static_cast<EventType>(type), event).ok()) continue;
    Observation observation;
    Observe(event, observation);
  }
  Enqueue command;
  if (!ReadEnqueue(parser, all, command).ok()) return 0;
  json::Writer writer(text);
  if (!WriteEnqueue(command, writer).ok()) std::abort();
  if (!writer.ok()) return 0;
  const Payload data = command.data;
  Enqueue again;
  if (!ReadEnqueue(parser, writer.text(), again).ok()) std::abort();
  if (!std::equal(data.begin(), data.end(), again.data.begin(), again.data.end())) std::abort();
  return 0;
}
