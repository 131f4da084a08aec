#include <algorithm>

#include "libs/protocols/dlt645/read.h"

namespace karez::protocols::dlt645 {
namespace {

constexpr std::byte kNoValue{0xFF};

std::span<std::byte> RoomOf(Message& message, const Field& field) {
  return std::span(message.data).subspan(field.place.offset - kHeaderSize, field.place.length);
}

bool IsTime(Form form) { return !TimeParts(form).empty(); }

bool IsDigits(Form form) { return form == Form::kBcd || form == Form::kSignedBcd; }

// Digits and times have a "no value"; everything else begins as zeros.
void FillEmpty(const Profile& profile, Message& message) {
  for (Field& field : message.fields) {
    const Form form = field.spec->form;
    if (!IsDigits(form) && !IsTime(form)) continue;
    std::ranges::fill(RoomOf(message, field), kNoValue);
    ReadField(profile, message.identifier, message.BytesOf(field), field);
  }
}

size_t DataLength(const Layout& layout, const Message& message) {
  const size_t size = LayoutSize(layout, message.edition);
  return message.named.spec != nullptr && layout.tail == Tail::kValues
             ? size + message.named.spec->item_size
             : size;
}

}  // namespace

size_t IndexOf(const Message& message, std::string_view name) {
  size_t index = 0;
  while (index < message.fields.size() && message.fields[index].spec->name != name) ++index;
  return index;
}

Error StartMessage(const Profile& profile, const Address& address, uint8_t control,
                   uint32_t identifier, size_t data_length, Message& out) {
  out.header = {address, control, 0};
  out.fields.clear();
  out.has_identifier = false;
  out.identifier = 0;
  out.named = {};
  out.data.fill(std::byte{0});
  if (!ReadControl(control, out)) return {Fault::kControl, 8, 0, control};
  const Layout* layout = data_length == 0 ? FirstLayout(out) : FindLayout(out, data_length);
  if (layout == nullptr || data_length > kMaxData) {
    return {Fault::kLayout, kHeaderSize, 0, static_cast<uint32_t>(data_length)};
  }
  if (layout->has_identifier) {
    StoreLowFirst(identifier, out.data.data(), IdentifierSize(out.edition));
    FindIdentifier(out.edition, identifier, out.named);
    if (IdentifierSize(out.edition) == 2 && identifier > 0xFFFF) {
      return {Fault::kIdentifier, kHeaderSize, 0, identifier};
    }
  }
  out.header.length =
      static_cast<uint8_t>(data_length == 0 ? DataLength(*layout, out) : data_length);
  const Body body{out.Data(), layout};
  if (const Error error = ReadIdentifier(body, out); !error.ok()) return error;
  MessageSink sink{out};
  Walk(out, body, profile, sink);
  FillEmpty(profile, out);
  return {};
}

bool SetValue(Message& message, size_t index, int64_t value) {
  if (index >= message.fields.size()) return false;
  Field& field = message.fields[index];
  const std::span<std::byte> room = RoomOf(message, field);
  const Form form = field.spec->form;
  if (form == Form::kByte || form == Form::kHex) {
    if (value < 0 || room.size() > 8 || (room.size() < 8 && value >> 8 * room.size() != 0)) {
      return false;
    }
    StoreLowFirst(static_cast<uint64_t>(value), room.data(), room.size());
  } else if (IsDigits(form)) {
    const bool has_sign = form == Form::kSignedBcd;
    const auto digits = static_cast<uint64_t>(value < 0 ? -value : value);
    if (digits >= kPowersOfTen[2 * room.size()] || (value < 0 && !has_sign)) return false;
    // A sign takes the top bit of the digits.
    const uint64_t top = uint64_t{0x80} << 8 * (room.size() - 1);
    const uint64_t packed = ToBcd(digits);
    if (has_sign && (packed & top) != 0) return false;
    StoreLowFirst(value < 0 ? packed | top : packed, room.data(), room.size());
  } else {
    return false;
  }
  field.rejected = false;
  field.value = value;
  return true;
}

bool SetTime(Message& message, size_t index, const LocalTime& time, uint8_t weekday) {
  if (index >= message.fields.size()) return false;
  Field& field = message.fields[index];
  const std::string_view parts = TimeParts(field.spec->form);
  if (parts.empty() || !IsValid(time) || weekday > 7) return false;
  const std::span<std::byte> room = RoomOf(message, field);
  for (size_t i = 0; i < parts.size(); ++i) {
    unsigned part = weekday;
    if (parts[i] == 's') part = time.second;
    if (parts[i] == 'm') part = time.minute;
    if (parts[i] == 'h') part = time.hour;
    if (parts[i] == 'D') part = time.day;
    if (parts[i] == 'M') part = time.month;
    if (parts[i] == 'Y') part = time.year % 100u;
    room[i] = static_cast<std::byte>(ToBcd(part));
  }
  field.rejected = false;
  field.time = time;
  field.weekday = weekday;
  return true;
}

bool SetBytes(Message& message, size_t index, Bytes bytes) {
  if (index >= message.fields.size()) return false;
  const Field& field = message.fields[index];
  const Form form = field.spec->form;
  if (bytes.size() != field.place.length || (form != Form::kBytes && form != Form::kText)) {
    return false;
  }
  std::ranges::copy(bytes, RoomOf(message, field).begin());
  return true;
}

Written WriteMessage(const Message& message, size_t wake_up_bytes, std::span<std::byte> out) {
  if (!message.reply && message.function == Function::kWrite &&
      message.header.length > kMaxWriteData) {
    return {{Fault::kValue, 9, kMaxWriteData, message.header.length}};
  }
  return WriteLink(message.header, message.Data(), wake_up_bytes, out);
}

}  // namespace karez::protocols::dlt645
