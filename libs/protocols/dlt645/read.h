// How the bytes of a frame become fields, one walk for all who read them: ParseMessage keeps the
// fields, Decode makes an observation of each at once. Inline, since meters are read by the
// million. Internal to dlt645.
#pragma once

#include "libs/protocols/bcd.h"
#include "libs/protocols/dlt645/layout.h"
#include "libs/protocols/dlt645/message.h"

namespace karez::protocols::dlt645 {

// Where the fields of a frame are, once its content is known.
struct Body {
  Bytes data;  // DATA without offset
  const Layout* layout = nullptr;
};

// `room` takes DATA without its offset. Faults as of ParseMessage.
[[nodiscard]] Error ReadContent(Bytes frame, std::span<std::byte, kMaxData> room, Content& out,
                                Body& body);

// The identifier that `body.layout` has, its spec and the kind, and whether the values fit DATA.
[[nodiscard]] Error ReadIdentifier(const Body& body, Content& out);

inline void Reject(Field& field, RejectReason reason) {
  field.rejected = true;
  field.reason = reason;
  field.value = 0;
}

// FF… and AA… are no BCD; 99… is, but in more than two bytes it stands for "no value".
[[gnu::always_inline]] inline void ReadDigits(Bytes bytes, bool has_sign, Field& field) {
  uint64_t packed = LoadLowFirst(bytes);
  const auto filler = static_cast<uint8_t>(packed & 0xFF);
  if ((filler == 0xFF || filler == 0xAA || (filler == 0x99 && bytes.size() > 2)) &&
      IsRepeated(packed, bytes.size(), filler)) {
    return Reject(field, RejectReason::kNoValue);
  }
  const uint64_t top = uint64_t{0x80} << 8 * (bytes.size() - 1);
  const bool negative = has_sign && (packed & top) != 0;
  if (negative) packed ^= top;
  if (!IsBcd(packed)) return Reject(field, RejectReason::kNotBcd);
  const auto value = static_cast<int64_t>(FromBcd(packed));
  field.value = negative ? -value : value;
}

// Date, time of day, or both.
void ReadTime(Bytes bytes, Field& field);

inline uint8_t DecimalsOf(const Profile& profile, uint32_t identifier, const FieldSpec& spec) {
  for (const Scale& scale : profile.scales) {
    if (identifier >= scale.first && identifier <= scale.last) return scale.decimals;
  }
  return spec.decimals;
}

// The value of `field`, whose spec is set, from its bytes.
[[gnu::always_inline]] inline void ReadField(const Profile& profile, uint32_t identifier,
                                             Bytes bytes, Field& field) {
  const FieldSpec& spec = *field.spec;
  field.rejected = false;
  switch (spec.form) {
    case Form::kBcd:
    case Form::kSignedBcd:
      field.decimals = DecimalsOf(profile, identifier, spec);
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

// Calls sink.Take(field) for every field of the frame.
template <class Sink>
class Walk {
 public:
  Walk(const Content& content, const Body& body, const Profile& profile, Sink& sink)
      : content_(content), data_(body.data), profile_(profile), sink_(sink) {
    const Layout& layout = *body.layout;
    if (layout.has_identifier) at_ = IdentifierSize(content.edition);
    for (const FieldSpec& spec : layout.fields) Take(spec, spec.size, 0);
    if (layout.tail == Tail::kValues && content.named.spec != nullptr) TakeValues(content.named);
    if (layout.tail == Tail::kRest) TakeRest(0);
    if (layout.tail == Tail::kNumberedRest) {
      TakeRest(1);
      Take(SequenceField(), 1, 0);
    }
  }

 private:
  [[gnu::always_inline]] void Take(const FieldSpec& spec, size_t size, uint32_t part) {
    Field field;
    field.spec = &spec;
    field.place = {static_cast<uint16_t>(kHeaderSize + at_), static_cast<uint16_t>(size)};
    field.part = static_cast<uint8_t>(part);
    ReadField(profile_, content_.identifier, data_.subspan(at_, size), field);
    sink_.Take(field);
    at_ += size;
  }

  // Item after item to the end. A block that goes on in the next frame may end within one.
  void TakeValues(const Named& named) {
    const IdentifierSpec& spec = *named.spec;
    uint32_t part = named.block == Block::kPeriods ? 0 : named.part;
    for (; data_.size() - at_ >= spec.item_size; ++part) {
      for (const FieldSpec& field : spec.fields) Take(field, field.size, part);
    }
    TakeRest(0);
  }

  void TakeRest(size_t behind) {
    const size_t size = data_.size() - at_ - behind;
    if (size > 0) Take(RestField(), size, 0);
  }

  const Content& content_;
  const Bytes data_;
  const Profile& profile_;
  Sink& sink_;
  size_t at_ = 0;
};

// Keeps the fields.
struct MessageSink {
  Message& message;

  void Take(const Field& field) { message.fields.push_back(field); }
};

}  // namespace karez::protocols::dlt645
