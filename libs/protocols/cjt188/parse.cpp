#include "libs/protocols/cjt188/read.h"

namespace karez::protocols::cjt188 {
namespace {

constexpr uint16_t kDataAt = static_cast<uint16_t>(kHeaderSize);

Error ReadErrorReply(Content& out, Body& body) {
  body.specs = ErrorFields(body.data.size());
  if (body.specs.empty()) {
    return {Fault::kLayout, kDataAt, 3, static_cast<uint32_t>(body.data.size())};
  }
  body.first = 1;
  out.has_identifier = false;
  out.kind = Kind::kRefused;
  out.ser = std::to_integer<uint8_t>(body.data[0]);
  return {};
}

// Whether `out.identifier` and the length of DATA select a layout; `known`, whether the identifier
// itself is one.
bool FindFields(const Profile& profile, Content& out, Body& body, bool& known) {
  const size_t size = body.data.size();
  const SeriesSpec* series =
      out.function == Function::kRead ? profile.FindSeries(out.identifier) : nullptr;
  if (series != nullptr) {
    known = true;
    if (size != (out.reply ? series->DataLength() : 3)) return false;
    out.kind = out.reply ? Kind::kSeries : Kind::kRequest;
    if (out.reply) {
      out.series = series;
      body.specs = SeriesFields();
    }
    return true;
  }
  if (!kKnownHighBytes[out.identifier >> 8]) return false;
  const Layout* layout =
      FindLayout(out.function, out.reply, profile.edition, out.identifier, size, known);
  if (layout == nullptr) return false;
  out.kind = layout->kind;
  body.specs = layout->fields;
  return true;
}

struct MessageSink {
  Message& message;

  template <Form>
  void Take(const Field& field) {
    message.fields.push_back(field);
  }
  void TakeIncrement(int64_t value, Place place, bool known) {
    if (message.increments.empty()) message.increments_place = {place.offset, 0};
    message.increments_place.length =
        static_cast<uint16_t>(message.increments_place.length + place.length);
    message.increments.push_back(value);
    if (!known && message.bad_increment.length == 0) message.bad_increment = place;
  }
};

}  // namespace

// D7 direction, D6 error, D5…D0 function. 2018 takes D5 for "more frames follow"; the vendors'
// 2A, its answer AA and its refusal EA are older and keep their meaning.
bool ReadControl(uint8_t control, Content& out) {
  out.reply = (control & 0x80) != 0;
  out.error = out.reply && (control & 0x40) != 0;
  if (!out.reply && (control & 0x40) != 0) return false;
  uint8_t function = control & 0x3F;
  out.more_follows = false;
  if (function != 0x2A && (function & 0x20) != 0) {
    if (!out.reply || out.error) return false;
    out.more_follows = true;
    function &= 0x1F;
  }
  switch (function) {
    case 0x01:
    case 0x03:
    case 0x04:
    case 0x09:
    case 0x15:
    case 0x16:
    case 0x2A:
      out.function = static_cast<Function>(function);
      return true;
    default:
      return false;
  }
}

Error ReadContent(Bytes frame, const Profile& profile, Content& out, Body& body) {
  if (const Error error = ParseLink(frame, out.header, body.data); !error.ok()) return error;
  const Bytes data = body.data;
  out.identifier = 0;
  out.series = nullptr;
  if (!ReadControl(out.header.control, out)) {
    return {Fault::kControl, 9, 0, out.header.control};
  }
  if (out.error) return ReadErrorReply(out, body);
  if (data.size() < 3) {
    return {Fault::kLayout, kDataAt, 3, static_cast<uint32_t>(data.size())};
  }
  out.has_identifier = true;
  out.ser = std::to_integer<uint8_t>(data[2]);
  const auto high_first = static_cast<uint16_t>(std::to_integer<unsigned>(data[0]) << 8 |
                                                std::to_integer<unsigned>(data[1]));
  const auto low_first = static_cast<uint16_t>(high_first << 8 | high_first >> 8);
  bool any_known = false;
  // Both byte orders are in the field; the profile's comes first where both would make sense.
  for (int attempt = 0; attempt < 2; ++attempt) {
    out.di_order = (profile.di_order == DiOrder::kHighFirst) == (attempt == 0) ? DiOrder::kHighFirst
                                                                               : DiOrder::kLowFirst;
    out.identifier = out.di_order == DiOrder::kHighFirst ? high_first : low_first;
    bool known = false;
    if (FindFields(profile, out, body, known)) return {};
    any_known = any_known || known;
  }
  if (any_known) return {Fault::kLayout, 10, 0, static_cast<uint32_t>(data.size())};
  return {Fault::kIdentifier, kDataAt, 0,
          profile.di_order == DiOrder::kHighFirst ? high_first : low_first};
}

Error ParseMessage(Bytes frame, const Profile& profile, Message& out) {
  out.fields.clear();
  out.increments.clear();
  out.bad_increment = {};
  Body body;
  const Error error = ReadContent(frame, profile, out, body);
  if (!error.ok()) return error;
  MessageSink sink{out};
  TakeFields(out, body, profile, sink);
  return {};
}

const Field* Message::Find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.spec->name == name) return &field;
  }
  return nullptr;
}

Field* Message::Find(std::string_view name) {
  return const_cast<Field*>(static_cast<const Message*>(this)->Find(name));
}

}  // namespace karez::protocols::cjt188
