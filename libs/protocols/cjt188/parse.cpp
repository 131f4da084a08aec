#include "libs/protocols/bcd.h"
#include "libs/protocols/cjt188/message.h"

namespace karez::protocols::cjt188 {
namespace {

constexpr uint16_t kDataAt = static_cast<uint16_t>(kHeaderSize);

// The first byte settles it for nearly every field that has a value.
bool AllBytes(Bytes bytes, std::byte value) {
  for (const std::byte b : bytes) {
    if (b != value) return false;
  }
  return true;
}

void Reject(Field& field, RejectReason reason, std::byte filler = std::byte{0xFF}) {
  field.rejected = true;
  field.reason = reason;
  field.filler = std::to_integer<uint8_t>(filler);
}

// FF… and AA… are no BCD; 99… is, but meters fill fields that they do not have with it. In one or
// two bytes 99 is an ordinary value.
void ReadBcd(Bytes digits, Field& field) {
  const uint64_t packed = LoadLowFirst(digits);
  if (!IsBcd(packed)) {
    const bool filled = AllBytes(digits, digits[0]) &&
                        (digits[0] == std::byte{0xFF} || digits[0] == std::byte{0xAA});
    Reject(field, filled ? RejectReason::kNoValue : RejectReason::kNotBcd, digits[0]);
    return;
  }
  if (packed >= 0x999999 && digits.size() > 2 && AllBytes(digits, std::byte{0x99})) {
    Reject(field, RejectReason::kNoValue, digits[0]);
    return;
  }
  field.value = static_cast<int64_t>(FromBcd(packed));
}

// `bytes` low byte first: [ss mm hh] DD MM YY CC.
void ReadTime(Bytes bytes, bool high_first, Field& field) {
  if (AllBytes(bytes, bytes[0]) && (bytes[0] == std::byte{0x00} || bytes[0] == std::byte{0xFF} ||
                                    bytes[0] == std::byte{0xAA} || bytes[0] == std::byte{0x99})) {
    Reject(field, RejectReason::kNoValue, bytes[0]);
    return;
  }
  uint64_t packed = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    packed = packed << 8 |
             std::to_integer<uint64_t>(high_first ? bytes[i] : bytes[bytes.size() - 1 - i]);
  }
  if (!IsBcd(packed)) return Reject(field, RejectReason::kNotBcd);
  packed <<= 8 * (7 - bytes.size());  // a date has no time of day
  // All pairs of digits at once: no byte gets above 99.
  constexpr uint64_t kLow = 0x0F0F0F0F0F0F0F0Fu;
  const uint64_t parts = (packed & kLow) + 10 * (packed >> 4 & kLow);
  const auto part = [parts](int i) { return static_cast<uint8_t>(parts >> (8 * i) & 0xFF); };
  field.time.second = part(0);
  field.time.minute = part(1);
  field.time.hour = part(2);
  field.time.day = part(3);
  field.time.month = part(4);
  field.time.year = static_cast<uint16_t>(part(6) * 100 + part(5));
  if (!IsValid(field.time)) Reject(field, RejectReason::kOutOfRange);
}

void ReadField(const Profile& profile, Field& field) {
  const FieldSpec& spec = *field.spec;
  const Bytes bytes = field.bytes;
  switch (spec.form) {
    case Form::kVolume:
    case Form::kScaled:
      field.unit_code = std::to_integer<uint8_t>(bytes[4]);
      ReadBcd(bytes.first(4), field);
      break;
    case Form::kAmount:
    case Form::kBcd:
      ReadBcd(bytes, field);
      break;
    case Form::kClock:
      ReadTime(bytes, profile.clock_order == ClockOrder::kHighFirst, field);
      break;
    case Form::kDate:
      ReadTime(bytes, false, field);
      break;
    case Form::kDay:
      ReadBcd(bytes, field);
      if (!field.rejected && (field.value < 1 || field.value > 31)) {
        Reject(field, RejectReason::kOutOfRange);
      }
      break;
    case Form::kStatus:
      field.value = std::to_integer<int64_t>(bytes[0]) << 8;
      if (bytes.size() == 2) field.value |= std::to_integer<int64_t>(bytes[1]);
      break;
    case Form::kAddress:
      field.value = static_cast<int64_t>(LoadLowFirst(bytes));
      break;
    case Form::kByte:
      field.value = std::to_integer<int64_t>(bytes[0]);
      break;
    case Form::kBytes:
      break;
  }
}

// One field of `size` bytes at `at` in DATA.
void AddField(const FieldSpec& spec, Bytes data, size_t at, size_t size, const Profile& profile,
              Message& out) {
  Field* field = out.fields.emplace_back();
  field->spec = &spec;
  field->place = {static_cast<uint16_t>(kDataAt + at), static_cast<uint16_t>(size)};
  field->bytes = data.subspan(at, size);
  ReadField(profile, *field);
}

void ReadFields(std::span<const FieldSpec> specs, Bytes data, const Profile& profile,
                Message& out) {
  size_t at = 3;
  for (const FieldSpec& spec : specs) {
    const size_t size = spec.size > 0 ? spec.size : data.size() - at;
    AddField(spec, data, at, size, profile, out);
    at += size;
  }
}

void ReadSeries(const SeriesSpec& series, Bytes data, const Profile& profile, Message& out) {
  const std::span<const FieldSpec> specs = SeriesFields();
  out.series = &series;
  out.kind = Kind::kSeries;
  AddField(specs[0], data, 3, 4, profile, out);
  size_t at = 7;
  if (series.has_base) {
    AddField(specs[1], data, at, 5, profile, out);
    at += 5;
  }
  const size_t size = size_t{series.count} * series.width;
  out.increments_place = {static_cast<uint16_t>(kDataAt + at), static_cast<uint16_t>(size)};
  for (size_t i = 0; i < series.count; ++i, at += series.width) {
    const Bytes digits = data.subspan(at, series.width);
    const uint64_t packed = LoadLowFirst(digits);
    if (IsBcd(packed)) {
      out.increments.push_back(static_cast<int64_t>(FromBcd(packed)));
      continue;
    }
    out.increments.push_back(kAbsent);
    if (out.bad_increment.length == 0 && !AllBytes(digits, std::byte{0xFF})) {
      out.bad_increment = {static_cast<uint16_t>(kDataAt + at), series.width};
    }
  }
  if (series.has_status) AddField(specs[2], data, at, 2, profile, out);
}

Error ReadErrorReply(Bytes data, const Profile& profile, Message& out) {
  if (data.size() != 2 && data.size() != 3) {
    return {Fault::kLayout, kDataAt, 3, static_cast<uint32_t>(data.size())};
  }
  out.has_identifier = false;
  out.identifier = 0;
  out.kind = Kind::kRefused;
  out.ser = std::to_integer<uint8_t>(data[0]);
  AddField(ErrorFields()[0], data, 1, data.size() - 1, profile, out);
  return {};
}

}  // namespace

// D7 direction, D6 error, D5…D0 function. 2018 takes D5 for "more frames follow"; the vendors'
// 2A, its answer AA and its refusal EA are older and keep their meaning.
bool ReadControl(uint8_t control, Message& out) {
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

Error ParseMessage(Bytes frame, const Profile& profile, Message& out) {
  Bytes data;
  if (const Error error = ParseLink(frame, out.header, data); !error.ok()) return error;
  out.fields.clear();
  out.increments.clear();
  out.series = nullptr;
  out.bad_increment = {};
  if (!ReadControl(out.header.control, out)) {
    return {Fault::kControl, 9, 0, out.header.control};
  }
  if (out.error) return ReadErrorReply(data, profile, out);
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
    const SeriesSpec* series =
        out.function == Function::kRead ? profile.FindSeries(out.identifier) : nullptr;
    if (series != nullptr) {
      any_known = true;
      if (!out.reply && data.size() == 3) {
        out.kind = Kind::kRequest;
        return {};
      }
      if (out.reply && data.size() == series->DataLength()) {
        ReadSeries(*series, data, profile, out);
        return {};
      }
      continue;
    }
    bool known = false;
    const Layout* layout =
        FindLayout(out.function, out.reply, profile.edition, out.identifier, data.size(), known);
    any_known = any_known || known;
    if (layout == nullptr) continue;
    out.kind = layout->kind;
    ReadFields(layout->fields, data, profile, out);
    return {};
  }
  if (any_known) return {Fault::kLayout, 10, 0, static_cast<uint32_t>(data.size())};
  return {Fault::kIdentifier, kDataAt, 0,
          profile.di_order == DiOrder::kHighFirst ? high_first : low_first};
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
