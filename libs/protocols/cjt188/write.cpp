#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/cjt188/message.h"

namespace karez::protocols::cjt188 {
namespace {

bool StoreBcd(int64_t value, std::byte* out, size_t size) {
  if (value < 0 || static_cast<uint64_t>(value) >= kPowersOfTen[2 * size]) return false;
  StoreLowFirst(ToBcd(static_cast<uint64_t>(value)), out, size);
  return true;
}

bool StoreTime(const LocalTime& time, bool high_first, std::byte* out, size_t size) {
  if (!IsValid(time)) return false;
  const uint64_t parts[] = {time.second,
                            time.minute,
                            time.hour,
                            time.day,
                            time.month,
                            static_cast<uint64_t>(time.year % 100),
                            static_cast<uint64_t>(time.year / 100)};
  for (size_t i = 0; i < size; ++i) {
    const auto b = static_cast<std::byte>(ToBcd(parts[7 - size + i]));
    out[high_first ? size - 1 - i : i] = b;
  }
  return true;
}

bool StoreNoValue(const Field& field, std::byte* out, size_t size) {
  const bool has_unit = field.spec->form == Form::kVolume || field.spec->form == Form::kScaled;
  std::fill_n(out, has_unit ? size - 1 : size, std::byte{field.filler});
  if (has_unit) out[size - 1] = std::byte{field.unit_code};
  return true;
}

bool StoreField(const Field& field, const Profile& profile, std::byte* out) {
  const size_t size = field.place.length;
  const Form form = field.spec->form;
  if (field.rejected) {
    return field.reason == RejectReason::kNoValue && StoreNoValue(field, out, size);
  }
  switch (form) {
    case Form::kVolume:
    case Form::kScaled:
      out[4] = std::byte{field.unit_code};
      return StoreBcd(field.value, out, 4);
    case Form::kAmount:
    case Form::kBcd:
      return StoreBcd(field.value, out, size);
    case Form::kDay:
      return field.value >= 1 && field.value <= 31 && StoreBcd(field.value, out, 1);
    case Form::kClock:
      return StoreTime(field.time, profile.clock_order == ClockOrder::kHighFirst, out, size);
    case Form::kDate:
      return StoreTime(field.time, false, out, size);
    case Form::kStatus:
      if (field.value < 0 || field.value > 0xFFFF) return false;
      out[0] = static_cast<std::byte>(field.value >> 8);
      if (size == 2) out[1] = static_cast<std::byte>(field.value & 0xFF);
      return true;
    case Form::kAddress:
      if (field.value < 0 || field.value >> 56 != 0) return false;
      StoreLowFirst(static_cast<uint64_t>(field.value), out, size);
      return true;
    case Form::kByte:
      if (field.value < 0 || field.value > 0xFF) return false;
      out[0] = static_cast<std::byte>(field.value);
      return true;
    case Form::kBytes:
      if (field.bytes.size() != size) return false;
      std::copy(field.bytes.begin(), field.bytes.end(), out);
      return true;
  }
  return false;
}

bool StoreIncrements(const Message& message, std::byte* out) {
  const size_t width = message.series->width;
  if (message.bad_increment.length != 0) return false;
  if (message.increments.size() != message.series->count) return false;
  for (const int64_t increment : message.increments) {
    if (increment == kAbsent) {
      std::fill_n(out, width, std::byte{0xFF});
    } else if (!StoreBcd(increment, out, width)) {
      return false;
    }
    out += width;
  }
  return true;
}

void AddEmpty(const FieldSpec& spec, size_t at, size_t size, Message& out) {
  Field field;
  field.spec = &spec;
  field.place = {static_cast<uint16_t>(kHeaderSize + at), static_cast<uint16_t>(size)};
  field.rejected = true;
  if (spec.form == Form::kVolume) field.unit_code = 0x2C;
  out.fields.push_back(field);
}

void StartSeries(const SeriesSpec& series, Message& out) {
  const std::span<const FieldSpec> specs = SeriesFields();
  out.series = &series;
  out.kind = Kind::kSeries;
  AddEmpty(specs[0], 3, 4, out);
  size_t at = 7;
  if (series.has_base) {
    AddEmpty(specs[1], at, 5, out);
    at += 5;
  }
  const size_t size = size_t{series.count} * series.width;
  out.increments_place = {static_cast<uint16_t>(kHeaderSize + at), static_cast<uint16_t>(size)};
  for (size_t i = 0; i < series.count; ++i) out.increments.push_back(kAbsent);
  if (series.has_status) AddEmpty(specs[2], at + size, 2, out);
}

Error StartErrorReply(size_t data_length, Message& out) {
  const std::span<const FieldSpec> specs = ErrorFields(data_length == 0 ? 3 : data_length);
  if (specs.empty()) return {Fault::kLayout, 10, 3, static_cast<uint32_t>(data_length)};
  out.has_identifier = false;
  out.identifier = 0;
  out.kind = Kind::kRefused;
  AddEmpty(specs[0], 1, specs[0].size, out);
  return {};
}

const Layout* PickLayout(const Profile& profile, const Message& message, size_t data_length,
                         bool& known) {
  if (data_length != 0) {
    return FindLayout(message.function, message.reply, profile.edition, message.identifier,
                      data_length, known);
  }
  for (size_t length = 3; length <= kMaxData; ++length) {
    const Layout* layout = FindLayout(message.function, message.reply, profile.edition,
                                      message.identifier, length, known);
    if (layout != nullptr) return layout;
  }
  return nullptr;
}

}  // namespace

Error StartMessage(const Profile& profile, uint8_t meter_type, const Address& address,
                   uint8_t control, uint16_t identifier, uint8_t ser, size_t data_length,
                   Message& out) {
  out.header = {meter_type, address, control, 0};
  out.fields.clear();
  out.increments.clear();
  out.series = nullptr;
  out.bad_increment = {};
  out.ser = ser;
  if (!ReadControl(control, out)) return {Fault::kControl, 9, 0, control};
  if (out.error) return StartErrorReply(data_length, out);
  out.has_identifier = true;
  out.di_order = profile.di_order;
  out.identifier = identifier;
  const SeriesSpec* series =
      out.function == Function::kRead ? profile.FindSeries(identifier) : nullptr;
  if (series != nullptr) {
    out.kind = Kind::kRequest;
    if (out.reply) StartSeries(*series, out);
    return {};
  }
  bool known = false;
  const Layout* layout = PickLayout(profile, out, data_length, known);
  if (layout == nullptr) {
    return {known ? Fault::kLayout : Fault::kIdentifier, kHeaderSize, 0,
            known ? static_cast<uint32_t>(data_length) : identifier};
  }
  out.kind = layout->kind;
  size_t at = 3;
  for (const FieldSpec& spec : layout->fields) {
    const size_t size = spec.size > 0 ? spec.size : (data_length > at ? data_length - at : 0);
    AddEmpty(spec, at, size, out);
    at += size;
  }
  return {};
}

bool SetValue(Message& message, std::string_view name, int64_t value, uint8_t unit_code) {
  Field* field = message.Find(name);
  if (field == nullptr) return false;
  field->rejected = false;
  field->value = value;
  field->unit_code = unit_code;
  return true;
}

bool SetTime(Message& message, std::string_view name, const LocalTime& time) {
  Field* field = message.Find(name);
  if (field == nullptr) return false;
  field->rejected = false;
  field->time = time;
  return true;
}

bool SetBytes(Message& message, std::string_view name, Bytes bytes) {
  Field* field = message.Find(name);
  if (field == nullptr) return false;
  field->rejected = false;
  field->bytes = bytes;
  return true;
}

Written WriteMessage(const Message& message, const Profile& profile, size_t wake_up_bytes,
                     std::span<std::byte> out) {
  std::byte data[kMaxData];
  size_t size = 0;
  if (message.has_identifier) {
    const auto high = static_cast<std::byte>(message.identifier >> 8);
    const auto low = static_cast<std::byte>(message.identifier & 0xFF);
    data[0] = message.di_order == DiOrder::kHighFirst ? high : low;
    data[1] = message.di_order == DiOrder::kHighFirst ? low : high;
    size = 2;
  }
  data[size++] = std::byte{message.ser};
  const auto claim = [&size](const Place& place) {  // where in DATA the place begins
    const size_t at = place.offset - kHeaderSize;
    size = std::max(size, at + place.length);
    return at;
  };
  for (const Field& field : message.fields) {
    const size_t at = claim(field.place);
    if (size > kMaxData || !StoreField(field, profile, data + at)) {
      return {{Fault::kValue, field.place.offset, 0, 0}};
    }
  }
  if (message.series != nullptr) {
    const size_t at = claim(message.increments_place);
    if (size > kMaxData || !StoreIncrements(message, data + at)) {
      return {{Fault::kValue, message.increments_place.offset, 0, 0}};
    }
  }
  return WriteLink(message.header, Bytes(data, size), wake_up_bytes, out);
}

}  // namespace karez::protocols::cjt188
