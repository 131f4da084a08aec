#include "libs/protocols/dlt645/read.h"

namespace karez::protocols::dlt645 {
namespace {

struct ControlRow {
  uint8_t code;
  Edition edition;
  Function function;
};

constexpr ControlRow kControls[] = {
    {0x11, Edition::k2007, Function::kRead},
    {0x12, Edition::k2007, Function::kReadNext},
    {0x13, Edition::k2007, Function::kReadAddress},
    {0x14, Edition::k2007, Function::kWrite},
    {0x15, Edition::k2007, Function::kWriteAddress},
    {0x08, Edition::k2007, Function::kBroadcastTime},
    {0x16, Edition::k2007, Function::kFreeze},
    {0x17, Edition::k2007, Function::kChangeSpeed},
    {0x18, Edition::k2007, Function::kChangePassword},
    {0x19, Edition::k2007, Function::kClearDemand},
    {0x1A, Edition::k2007, Function::kClearMeter},
    {0x1B, Edition::k2007, Function::kClearEvents},
    {0x1C, Edition::k2007, Function::kControl},
    {0x01, Edition::k1997, Function::kRead},
    {0x02, Edition::k1997, Function::kReadNext},
    {0x03, Edition::k1997, Function::kReread},
    {0x04, Edition::k1997, Function::kWrite},
    {0x0A, Edition::k1997, Function::kWriteAddress},
    {0x0C, Edition::k1997, Function::kChangeSpeed},
    {0x0F, Edition::k1997, Function::kChangePassword},
    {0x10, Edition::k1997, Function::kClearDemand},
};

constexpr uint8_t kReplyBit = 0x80;
constexpr uint8_t kErrorBit = 0x40;
constexpr uint8_t kMoreBit = 0x20;
constexpr uint8_t kFunctionBits = 0x1F;

Kind KindOf(const Content& content) {
  if (content.error) return Kind::kRefused;
  if (!content.reply) return Kind::kRequest;
  switch (content.function) {
    case Function::kRead:
    case Function::kReadNext:
    case Function::kReread:
      if (content.named.spec == nullptr) return Kind::kParameter;
      if (content.named.period != 0 || content.named.block == Block::kPeriods)
        return Kind::kHistory;
      return content.named.spec->kind;
    case Function::kReadAddress:
      return Kind::kParameter;
    default:
      return Kind::kAcknowledged;
  }
}

// A block that goes on in the next frame may end within an item.
Error CheckValues(const Content& content, size_t at, size_t have) {
  const size_t item = content.named.spec->item_size;
  if (have == item) return {};  // nearly always: no division
  const bool block = content.named.block != Block::kNone;
  const bool whole = have % item == 0;
  if (block ? whole || content.more_follows : have == 0) return {};
  return {Fault::kLayout, static_cast<uint16_t>(kHeaderSize + at), static_cast<uint32_t>(item),
          static_cast<uint32_t>(have)};
}

}  // namespace

const Field* Message::Find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.spec->name == name) return &field;
  }
  return nullptr;
}

bool ReadControl(uint8_t control, Content& out) {
  const uint8_t code = control & kFunctionBits;
  out.reply = (control & kReplyBit) != 0;
  out.error = (control & kErrorBit) != 0;
  out.more_follows = (control & kMoreBit) != 0;
  if ((out.error || out.more_follows) && !out.reply) return false;
  if (out.error && out.more_follows) return false;
  for (const ControlRow& row : kControls) {
    if (row.code != code) continue;
    out.edition = row.edition;
    out.function = row.function;
    return true;
  }
  return false;
}

void ReadTime(Bytes bytes, Field& field) {
  const std::string_view parts = TimeParts(field.spec->form);
  const bool has_day = field.spec->form != Form::kTime;
  const uint64_t all = LoadLowFirst(bytes);
  const auto filler = static_cast<uint8_t>(all & 0xFF);
  if ((filler == 0xFF || filler == 0xAA || filler == 0x99 || (has_day && filler == 0)) &&
      IsRepeated(all, bytes.size(), filler)) {
    return Reject(field, RejectReason::kNoValue);
  }
  field.time = {};
  if (!has_day) field.time = {2000, 1, 1};
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto packed = std::to_integer<uint8_t>(bytes[i]);
    if (!IsBcd(packed)) return Reject(field, RejectReason::kNotBcd);
    const auto part = static_cast<uint8_t>(FromBcd(packed));
    if (parts[i] == 's') field.time.second = part;
    if (parts[i] == 'm') field.time.minute = part;
    if (parts[i] == 'h') field.time.hour = part;
    if (parts[i] == 'D') field.time.day = part;
    if (parts[i] == 'M') field.time.month = part;
    if (parts[i] == 'Y') field.time.year = static_cast<uint16_t>(2000 + part);
    if (parts[i] == 'W') field.weekday = part;
  }
  if (!IsValid(field.time) || field.weekday > 7) Reject(field, RejectReason::kOutOfRange);
}

Error ReadIdentifier(const Body& body, Content& out) {
  const Layout& layout = *body.layout;
  if (layout.has_identifier) {
    const size_t size = IdentifierSize(out.edition);
    out.has_identifier = true;
    out.identifier = static_cast<uint32_t>(LoadLowFirst(body.data.first(size)));
    const bool known = FindIdentifier(out.edition, out.identifier, out.named);
    // Where the values themselves are wanted, the identifier must be known.
    if (layout.tail == Tail::kValues && body.data.size() > size) {
      if (!known) return {Fault::kIdentifier, kHeaderSize, 0, out.identifier};
      const size_t at = LayoutSize(layout, out.edition);
      const Error error = CheckValues(out, at, body.data.size() - at);
      if (!error.ok()) return error;
    }
  }
  out.kind = KindOf(out);
  return {};
}

Error ReadContent(Bytes frame, std::span<std::byte, kMaxData> room, Content& out, Body& body) {
  Bytes sent;
  const Error error = ParseLink(frame, out.header, sent);
  if (!error.ok()) return error;
  TakeOffset(sent, room.data());
  body.data = Bytes(room).first(sent.size());
  out.has_identifier = false;
  out.identifier = 0;
  out.named = {};
  if (!ReadControl(out.header.control, out)) {
    return {Fault::kControl, 8, 0, out.header.control};
  }
  body.layout = FindLayout(out, sent.size());
  if (body.layout == nullptr) {
    return {Fault::kLayout, kHeaderSize, out.error ? 1u : 0u, static_cast<uint32_t>(sent.size())};
  }
  return ReadIdentifier(body, out);
}

Error ParseMessage(Bytes frame, const Profile& profile, Message& out) {
  out.fields.clear();
  Body body;
  const Error error = ReadContent(frame, out.data, out, body);
  if (!error.ok()) return error;
  MessageSink sink{out};
  Walk(out, body, profile, sink);
  return {};
}

}  // namespace karez::protocols::dlt645
