// How the bytes of a frame become fields, one walk for all who read them: ParseMessage keeps the
// fields, Decode makes an observation of each at once. Inline, since meters are read by the
// million. Internal to cjt188.
#pragma once

#include <type_traits>

#include "libs/protocols/bcd.h"
#include "libs/protocols/cjt188/message.h"

namespace karez::protocols::cjt188 {

// Where the fields of a frame are, once its content is known.
struct Body {
  Bytes data;
  std::span<const FieldSpec> specs;
  size_t first = 3;  // place of the first one in DATA
};

// Faults as of ParseMessage.
[[nodiscard]] Error ReadContent(Bytes frame, const Profile& profile, Content& out, Body& body);

inline void Reject(Field& field, RejectReason reason, uint8_t filler = 0xFF) {
  field.rejected = true;
  field.reason = reason;
  field.filler = filler;
}

// FF… and AA… are no BCD; 99… is, but meters fill fields that they do not have with it. In one or
// two bytes 99 is an ordinary value.
[[gnu::always_inline]] inline void ReadBcd(Bytes digits, Field& field) {
  const uint64_t packed = LoadLowFirst(digits);
  const auto filler = static_cast<uint8_t>(packed & 0xFF);
  if (!IsBcd(packed)) {
    const bool filled =
        (filler == 0xFF || filler == 0xAA) && IsRepeated(packed, digits.size(), filler);
    return Reject(field, filled ? RejectReason::kNoValue : RejectReason::kNotBcd, filler);
  }
  if (packed >= 0x999999 && IsRepeated(packed, digits.size(), 0x99)) {
    return Reject(field, RejectReason::kNoValue, filler);
  }
  field.value = static_cast<int64_t>(FromBcd(packed));
}

// `bytes` low byte first: [ss mm hh] DD MM YY CC.
[[gnu::always_inline]] inline void ReadTime(Bytes bytes, bool high_first, Field& field) {
  uint64_t packed = LoadLowFirst(bytes);
  const auto filler = static_cast<uint8_t>(packed & 0xFF);
  if ((filler == 0x00 || filler == 0xFF || filler == 0xAA || filler == 0x99) &&
      IsRepeated(packed, bytes.size(), filler)) {
    return Reject(field, RejectReason::kNoValue, filler);
  }
  if (!IsBcd(packed)) return Reject(field, RejectReason::kNotBcd);
  if (high_first) packed = __builtin_bswap64(packed) >> 8 * (8 - bytes.size());
  packed <<= 8 * (7 - bytes.size());  // a date has no time of day
  const uint64_t parts = BcdPairs(packed);
  const auto part = [parts](int i) { return static_cast<uint8_t>(parts >> (8 * i) & 0xFF); };
  field.time = {
      static_cast<uint16_t>(part(6) * 100 + part(5)), part(4), part(3), part(2), part(1), part(0)};
  if (!IsValid(field.time)) Reject(field, RejectReason::kOutOfRange);
}

// Calls `use` with the form as a constant: what reads a field and what it does with it become one
// piece of code for each form.
template <class Use>
[[gnu::always_inline]] inline void WithForm(Form form, Use use) {
  switch (form) {
#define KAREZ_FORM(name) \
  case Form::name:       \
    return use(std::integral_constant<Form, Form::name>())
    KAREZ_FORM(kVolume);
    KAREZ_FORM(kAmount);
    KAREZ_FORM(kScaled);
    KAREZ_FORM(kBcd);
    KAREZ_FORM(kClock);
    KAREZ_FORM(kDate);
    KAREZ_FORM(kDay);
    KAREZ_FORM(kStatus);
    KAREZ_FORM(kAddress);
    KAREZ_FORM(kByte);
    KAREZ_FORM(kBytes);
#undef KAREZ_FORM
  }
}

// The value of `field`, whose spec and bytes are set.
template <Form kForm>
[[gnu::always_inline]] inline void ReadField(const Profile& profile, Field& field) {
  const Bytes bytes = field.bytes;
  if constexpr (kForm == Form::kVolume || kForm == Form::kScaled) {
    field.unit_code = std::to_integer<uint8_t>(bytes[4]);
    ReadBcd(bytes.first<4>(), field);
  } else if constexpr (kForm == Form::kAmount || kForm == Form::kBcd) {
    ReadBcd(bytes, field);
  } else if constexpr (kForm == Form::kClock) {
    ReadTime(bytes.first<7>(), profile.clock_order == ClockOrder::kHighFirst, field);
  } else if constexpr (kForm == Form::kDate) {
    ReadTime(bytes.first<4>(), false, field);
  } else if constexpr (kForm == Form::kDay) {
    ReadBcd(bytes, field);
    const bool is_day = field.value >= 1 && field.value <= 31;
    if (!field.rejected && !is_day) Reject(field, RejectReason::kOutOfRange);
  } else if constexpr (kForm == Form::kStatus) {
    field.value = std::to_integer<int64_t>(bytes[0]) << 8;
    if (bytes.size() == 2) field.value |= std::to_integer<int64_t>(bytes[1]);
  } else if constexpr (kForm == Form::kAddress) {
    field.value = static_cast<int64_t>(LoadLowFirst(bytes));
  } else if constexpr (kForm == Form::kByte) {
    field.value = std::to_integer<int64_t>(bytes[0]);
  }
}

// sink.Take<form>(field) for the field at `at` in DATA; gives the place behind it.
template <class Sink>
[[gnu::always_inline]] inline size_t TakeField(const FieldSpec& spec, const Body& body, size_t at,
                                               const Profile& profile, Sink& sink) {
  const size_t size = spec.size > 0 ? spec.size : body.data.size() - at;
  WithForm(
      spec.form, [&](auto form) __attribute__((always_inline)) {
        Field field;
        field.spec = &spec;
        field.place = {static_cast<uint16_t>(kHeaderSize + at), static_cast<uint16_t>(size)};
        field.bytes = body.data.subspan(at, size);
        ReadField<form()>(profile, field);
        sink.template Take<form()>(field);
      });
  return at + size;
}

// sink.Take for the fields around the increments, sink.TakeIncrement(value, place, known) for each
// of them: kAbsent where it has no value, not `known` where its bytes are neither BCD nor FF….
template <class Sink>
void TakeSeries(const SeriesSpec& series, const Body& body, const Profile& profile, Sink& sink) {
  size_t at = TakeField(body.specs[0], body, body.first, profile, sink);
  if (series.has_base) at = TakeField(body.specs[1], body, at, profile, sink);
  for (size_t i = 0; i < series.count; ++i, at += series.width) {
    const uint64_t packed = LoadLowFirst(body.data.subspan(at, series.width));
    const bool has_value = IsBcd(packed);
    sink.TakeIncrement(has_value ? static_cast<int64_t>(FromBcd(packed)) : kAbsent,
                       {static_cast<uint16_t>(kHeaderSize + at), series.width},
                       has_value || IsRepeated(packed, series.width, 0xFF));
  }
  if (series.has_status) TakeField(body.specs[2], body, at, profile, sink);
}

template <class Sink>
void TakeFields(const Content& content, const Body& body, const Profile& profile, Sink& sink) {
  if (content.series != nullptr && content.reply) {
    return TakeSeries(*content.series, body, profile, sink);
  }
  size_t at = body.first;
  for (const FieldSpec& spec : body.specs) at = TakeField(spec, body, at, profile, sink);
}

}  // namespace karez::protocols::cjt188
