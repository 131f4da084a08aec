#include "libs/protocols/door.h"

#include "libs/protocols/wmbus/telegram.h"

namespace karez::protocols {
namespace {

// Telegrams come one by one from a receiver: there is no line, and nobody asks.
Error ReadId(Bytes frame, FixedText<40>& out) {
  wmbus::Telegram telegram;
  const Error error = wmbus::ParseTelegram(frame, {}, telegram);
  if (telegram.link.size == 0) return error;
  // What is encrypted behind the header does not matter here.
  out = telegram.identity().Text();
  return {};
}

Error DecodeTelegram(const MeterProfile& profile, Bytes frame, Observation& out) {
  wmbus::Telegram telegram;
  if (const Error error = wmbus::ParseTelegram(frame, {}, telegram); !error.ok()) return error;
  return wmbus::Observe(telegram, out, &profile.mbus);
}

}  // namespace

const Door kWmbusDoor = {
    .decode = DecodeTelegram,
    .read_device_id = ReadId,
    .is_device_id =
        [](std::string_view text) {
          mbus::Identity identity;
          return mbus::Identity::Parse(text, identity);
        },
};

}  // namespace karez::protocols
