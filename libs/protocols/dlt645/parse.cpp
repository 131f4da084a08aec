#include "libs/protocols/bcd.h"
#include "libs/protocols/dlt645/layout.h"
#include "libs/protocols/dlt645/message.h"

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

bool AllBytes(Bytes bytes, std::byte value) {
  for (const std::byte b : bytes) {
    if (b != value) return false;
  }
  return true;
}

void Reject(Field& field, RejectReason reason) {
  field.rejected = true;
  field.reason = reason;
  field.value = 0;
}

// FF… and AA… are no BCD; 99… is, but in more than two bytes it stands for "no value".
void ReadDigits(Bytes bytes, bool has_sign, Field& field) {
  uint64_t packed = LoadLowFirst(bytes);
  const uint64_t top = uint64_t{0x80} << 8 * (bytes.size() - 1);
  const bool filled =
      AllBytes(bytes, bytes[0]) && (bytes[0] == std::byte{0xFF} || bytes[0] == std::byte{0xAA} ||
                                    (bytes.size() > 2 && bytes[0] == std::byte{0x99}));
  if (filled) return Reject(field, RejectReason::kNoValue);
  const bool negative = has_sign && (packed & top) != 0;
  if (negative) packed ^= top;
  if (!IsBcd(packed)) return Reject(field, RejectReason::kNotBcd);
  const auto value = static_cast<int64_t>(FromBcd(packed));
  field.value = negative ? -value : value;
}

void ReadTime(Bytes bytes, Field& field) {
  const std::string_view parts = TimeParts(field.spec->form);
  const bool has_day = field.spec->form != Form::kTime;
  if (AllBytes(bytes, bytes[0]) &&
      (bytes[0] == std::byte{0xFF} || bytes[0] == std::byte{0xAA} || bytes[0] == std::byte{0x99} ||
       (has_day && bytes[0] == std::byte{0}))) {
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

uint8_t DecimalsOf(const Profile& profile, const Message& message, const FieldSpec& spec) {
  for (const Scale& scale : profile.scales) {
    if (message.identifier >= scale.first && message.identifier <= scale.last) {
      return scale.decimals;
    }
  }
  return spec.decimals;
}

void AddField(const FieldSpec& spec, size_t at, size_t size, uint8_t part, const Profile& profile,
              Message& out) {
  Field field;
  field.spec = &spec;
  field.place = {static_cast<uint16_t>(kHeaderSize + at), static_cast<uint16_t>(size)};
  field.part = part;
  ReadField(profile, out, field);
  out.fields.push_back(field);
}

// The values of an identifier from `at` on. A block that goes on in the next frame may end within
// an item.
Error ReadValues(const Profile& profile, size_t at, Message& message) {
  const IdentifierSpec& spec = *message.spec;
  const size_t item = spec.ItemSize();
  const size_t have = message.header.length - at;
  const bool block = spec.IsBlock(message.identifier);
  const size_t items = have == item ? 1 : have / item;  // mostly one: no division
  const size_t left = have - items * item;
  if ((left != 0 && !(block && message.more_follows)) || (!block && items > 1)) {
    return {Fault::kLayout, static_cast<uint16_t>(kHeaderSize + at), static_cast<uint32_t>(item),
            static_cast<uint32_t>(have)};
  }
  uint32_t part = spec.part.Of(message.identifier);
  if (block) part = spec.part.IsAll(message.identifier) ? spec.part.first : 0;
  for (size_t i = 0; i < items; ++i, ++part) {
    for (const FieldSpec& field : spec.fields) {
      AddField(field, at, field.size, static_cast<uint8_t>(part), profile, message);
      at += field.size;
    }
  }
  if (left != 0) AddField(RestField(), at, left, 0, profile, message);
  return {};
}

// `values`: whether the values themselves are wanted, so that the identifier must be known.
Error ReadIdentifier(bool values, Message& message) {
  const size_t size = IdentifierSize(message.edition);
  message.has_identifier = true;
  message.identifier = static_cast<uint32_t>(LoadLowFirst(Bytes(message.data).first(size)));
  message.spec = FindIdentifier(message.edition, message.identifier);
  if (message.spec == nullptr && values && message.header.length > size) {
    return {Fault::kIdentifier, kHeaderSize, 0, message.identifier};
  }
  return {};
}

Kind KindOf(const Message& message) {
  if (message.error) return Kind::kRefused;
  if (!message.reply) return Kind::kRequest;
  switch (message.function) {
    case Function::kRead:
    case Function::kReadNext:
    case Function::kReread:
      if (message.spec == nullptr) return Kind::kParameter;
      return message.spec->PeriodOf(message.identifier) != 0 ? Kind::kHistory : message.spec->kind;
    case Function::kReadAddress:
      return Kind::kParameter;
    default:
      return Kind::kAcknowledged;
  }
}

}  // namespace

const Field* Message::Find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.spec->name == name) return &field;
  }
  return nullptr;
}

bool ReadControl(uint8_t control, Message& out) {
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

void ReadField(const Profile& profile, const Message& message, Field& field) {
  const FieldSpec& spec = *field.spec;
  const Bytes bytes = message.BytesOf(field);
  field.rejected = false;
  switch (spec.form) {
    case Form::kBcd:
    case Form::kSignedBcd:
      field.decimals = DecimalsOf(profile, message, spec);
      ReadDigits(bytes, spec.form == Form::kSignedBcd && profile.top_bit_is_sign, field);
      break;
    case Form::kDate:
    case Form::kTime:
    case Form::kMoment:
    case Form::kClock:
    case Form::kWeekClock:
      ReadTime(bytes, field);
      break;
    case Form::kHex:
      field.value = static_cast<int64_t>(LoadLowFirst(bytes));
      break;
    case Form::kByte:
      field.value = std::to_integer<int64_t>(bytes[0]);
      break;
    case Form::kText:
    case Form::kBytes:
      break;
  }
}

Error ReadFields(const Layout& layout, const Profile& profile, Message& message) {
  size_t at = 0;
  if (layout.has_identifier) {
    const Error error = ReadIdentifier(layout.tail == Tail::kValues, message);
    if (!error.ok()) return error;
    at = IdentifierSize(message.edition);
  }
  for (const FieldSpec& field : layout.fields) {
    AddField(field, at, field.size, 0, profile, message);
    at += field.size;
  }
  if (layout.tail == Tail::kValues && message.spec != nullptr) {
    const Error error = ReadValues(profile, at, message);
    if (!error.ok()) return error;
  }
  const size_t behind = layout.tail == Tail::kNumberedRest ? 1 : 0;
  if (layout.tail == Tail::kRest || layout.tail == Tail::kNumberedRest) {
    const size_t size = message.header.length - at - behind;
    if (size > 0) AddField(RestField(), at, size, 0, profile, message);
    if (behind != 0) AddField(SequenceField(), at + size, 1, 0, profile, message);
  }
  message.kind = KindOf(message);
  return {};
}

Error ParseMessage(Bytes frame, const Profile& profile, Message& out) {
  Bytes sent;
  const Error error = ParseLink(frame, out.header, sent);
  if (!error.ok()) return error;
  TakeOffset(sent, out.data.data());
  out.fields.clear();
  out.has_identifier = false;
  out.identifier = 0;
  out.spec = nullptr;
  if (!ReadControl(out.header.control, out)) {
    return {Fault::kControl, 8, 0, out.header.control};
  }
  if (out.error) {
    if (sent.size() != 1) {
      return {Fault::kLayout, kHeaderSize, 1, static_cast<uint32_t>(sent.size())};
    }
    AddField(ErrorField(), 0, 1, 0, profile, out);
    out.kind = Kind::kRefused;
    return {};
  }
  const Layout* layout = FindLayout(out, sent.size());
  if (layout == nullptr) {
    return {Fault::kLayout, kHeaderSize, 0, static_cast<uint32_t>(sent.size())};
  }
  return ReadFields(*layout, profile, out);
}

}  // namespace karez::protocols::dlt645
