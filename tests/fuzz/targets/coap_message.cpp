// Any bytes as a CoAP datagram, and as LwM2M registration. What is sound is written the same again.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/coap/block.h"
#include "libs/protocols/coap/options.h"
#include "libs/protocols/lwm2m/registration.h"

namespace {

using namespace karez::protocols;  // NOLINT: a program of one function

void CheckBlocks(const coap::Message& message) {
  const auto value = coap::FindOption(message, coap::option::kBlock1);
  const auto block = value ? coap::ReadBlock(*value) : std::nullopt;
  if (!block) return;
  std::array<std::byte, 256> room;
  coap::BlockAssembler assembler(room);
  assembler.Accept(*block, message.payload);
  if (assembler.body().size() > room.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes datagram = std::as_bytes(std::span(data, size));
  coap::Message message;
  const Error error = coap::ParseMessage(datagram, message);
  coap::ReactionTo(datagram, error);
  if (!error.ok() || size > 8192) return 0;
  std::array<std::byte, 8192> again;
  coap::MessageWriter writer(again, message.type, message.code, message.message_id, message.token);
  coap::OptionReader reader(message.options);
  coap::Option option;
  while (reader.Next(option)) writer.Add(option.number, option.value);
  const coap::Written written = writer.Payload(message.payload).Finish();
  if (!written.error.ok() || written.size != size ||
      !std::equal(datagram.begin(), datagram.end(), again.begin())) {
    std::abort();
  }
  coap::FindBadOption(message);
  CheckBlocks(message);
  static lwm2m::Registration registration;
  if (lwm2m::ReadRegistration(message, registration).ok()) {
    static_cast<void>(lwm2m::WriteRegistered(message, "1", again));
  }
  return 0;
}
