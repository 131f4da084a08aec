#include "libs/protocols/door.h"

#include "libs/protocols/mbus/message.h"

namespace karez::protocols {
namespace {

Error ReadId(Bytes frame, FixedText<40>& out) {
  mbus::Frame link;
  if (const Error error = mbus::ParseLink(frame, link); !error.ok()) return error;
  // Requests, acknowledgements and answers without a long header do not say who speaks.
  if (link.kind != mbus::FrameKind::kLong) return {Fault::kLayout, 0, 0, link.control};
  mbus::Transport transport;
  const Error error = mbus::ParseTransport(link.data, false, transport);
  if (!error.ok()) return error;
  if (transport.header != mbus::HeaderKind::kLong) return {Fault::kLayout, 6, 0, transport.ci};
  out = transport.identity.Text();
  return {};
}

bool IsQuestion(Bytes frame) {
  mbus::Frame link;
  return mbus::ParseLink(frame, link).ok() && mbus::IsFromMaster(link);
}

// An answer holds all that the meter has to tell: there is one question.
Encoded WriteQuestion(const MeterProfile& profile, std::string_view device_id, Ask ask,
                      uint32_t sequence, std::span<std::byte> out) {
  mbus::Identity identity;
  if (!mbus::Identity::Parse(device_id, identity)) return {{Fault::kValue, 0, 11, 0}};
  if (ask == Ask::kSeries) return {{Fault::kNotSupported}};
  const mbus::Written written = mbus::WriteRequest(profile.mbus.address, sequence % 2 != 0, out);
  return {written.error, written.size};
}

}  // namespace

const Door kMbusDoor = {
    .probe = [](Bytes data) { return mbus::Probe{}(data); },
    .decode = [](const MeterProfile& profile, Bytes frame,
                 Observation& out) { return mbus::Observe(frame, {}, out, &profile.mbus); },
    .read_device_id = ReadId,
    .is_device_id =
        [](std::string_view text) {
          mbus::Identity identity;
          return mbus::Identity::Parse(text, identity);
        },
    .is_request = IsQuestion,
    .encode_request = WriteQuestion,
};

}  // namespace karez::protocols
