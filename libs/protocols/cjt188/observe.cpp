#include "libs/protocols/cjt188/read.h"
#include "libs/protocols/cjt188/units.h"

namespace karez::protocols::cjt188 {
namespace {

// Takes the fields of one frame and puts what they say into `out`.
class Observer {
 public:
  Observer(const Content& content, const Profile& profile, Observation& out)
      : content_(content), profile_(profile), out_(out) {
    out.Clear();
    out.kind = content.kind;
    content.header.address.Write(out.device_id);
    out.device_type = content.header.meter_type;
    out.control = content.header.control;
    out.identifier = content.identifier;
    out.sequence = content.ser;
    if (content.kind == Kind::kSeries) StartSeries(*content.series);
  }

  template <Form kForm>
  [[gnu::always_inline]] void Take(const Field& field) {
    if constexpr (kForm == Form::kClock) TakeTime(field);
    if (field.rejected) return Reject(field, field.reason);
    if constexpr (kForm == Form::kVolume || kForm == Form::kAmount || kForm == Form::kScaled ||
                  kForm == Form::kBcd) {
      TakeRegister<kForm>(field);
    } else if constexpr (kForm == Form::kStatus) {
      out_.status = static_cast<uint32_t>(field.value);
      // The status of a refusal is an error code, not the meter's state.
      if (!content_.error) ApplyStatus(static_cast<uint16_t>(field.value), profile_.status, out_);
    } else if constexpr (kForm == Form::kDate) {
      if (series_ != nullptr) series_->start = field.time;
    }
  }

  void TakeIncrement(int64_t value, Place place, bool known) {
    if (series_->increments.empty()) series_->place = {place.offset, 0};
    series_->place.length = static_cast<uint16_t>(series_->place.length + place.length);
    series_->increments.push_back(value);
    if (known || bad_increment_seen_) return;
    bad_increment_seen_ = true;
    out_.rejections.push_back({"increments", RejectReason::kNotBcd, place});
  }

  // Without a valid day the increments belong nowhere.
  void Finish() {
    if (series_ != nullptr && !IsValid(series_->start)) out_.series.clear();
  }

 private:
  void StartSeries(const SeriesSpec& spec) {
    series_ = out_.series.emplace_back();
    series_->unit = Unit::kCubicMetre;
    series_->exponent = static_cast<int8_t>(-spec.decimals);
    series_->interval_minutes = spec.interval_minutes;
  }

  void Reject(const Field& field, RejectReason reason) {
    out_.rejections.push_back({field.spec->name, reason, field.place});
  }

  // Unit and exponent of a field; no unit for a code that is none of the quantity's.
  template <Form kForm>
  [[gnu::always_inline]] ScaledUnit ScaleOf(const Field& field) const {
    const FieldSpec& spec = *field.spec;
    if constexpr (kForm == Form::kBcd) {
      return {spec.unit, static_cast<int8_t>(-spec.decimals)};
    }
    constexpr bool kIsVolume = kForm == Form::kVolume || kForm == Form::kAmount;
    uint8_t code = kForm == Form::kAmount ? profile_.implied_unit : field.unit_code;
    if (kIsVolume && profile_.unit_override) code = *profile_.unit_override;
    ScaledUnit scale = UnitOf(code);
    if (kIsVolume && !IsVolume(scale.unit)) return {};
    scale.exponent = static_cast<int8_t>(scale.exponent -
                                         (kIsVolume ? profile_.volume_decimals : spec.decimals));
    return scale;
  }

  template <Form kForm>
  [[gnu::always_inline]] void TakeRegister(const Field& field) {
    const FieldSpec& spec = *field.spec;
    const ScaledUnit scale = ScaleOf<kForm>(field);
    // Pressure in records is kept without a unit: no source says which it is.
    if (kForm != Form::kBcd && scale.unit == Unit::kNone) {
      return Reject(field, RejectReason::kUnknownUnit);
    }
    if (series_ != nullptr) {
      series_->base = field.value;
      series_->base_exponent = scale.exponent;
      series_->base_unit = scale.unit;
      return;
    }
    Register* reading = out_.registers.emplace_back();
    if (reading == nullptr) return;
    reading->quantity = spec.quantity;
    reading->storage = spec.storage;
    reading->storage_index = StorageIndexOf(spec);
    reading->exponent = scale.exponent;
    reading->unit = scale.unit;
    reading->unit_code = field.unit_code;
    reading->place = field.place;
    reading->raw = field.value;
  }

  uint8_t StorageIndexOf(const FieldSpec& spec) const {
    const uint16_t identifier = content_.identifier;
    if (identifier >= 0xD120 && identifier <= 0xD12B) {
      return static_cast<uint8_t>(identifier - 0xD120 + 1);
    }
    return spec.storage == Storage::kFreeze ? static_cast<uint8_t>(identifier & 0xFF)
                                            : spec.storage_index;
  }

  [[gnu::always_inline]] void TakeTime(const Field& field) {
    if (!field.rejected) {
      out_.device_time = field.time;
      out_.time_quality = TimeQuality::kStated;
      return;
    }
    out_.time_quality =
        field.reason == RejectReason::kNoValue ? TimeQuality::kNoClock : TimeQuality::kInvalid;
  }

  const Content& content_;
  const Profile& profile_;
  Observation& out_;
  Series* series_ = nullptr;  // in `out_`
  bool bad_increment_seen_ = false;
};

}  // namespace

Error Decode(Bytes frame, const Profile& profile, Observation& out) {
  Content content;
  Body body;
  const Error error = ReadContent(frame, profile, content, body);
  if (!error.ok()) return error;
  Observer observer(content, profile, out);
  if (content.kind == Kind::kRequest) return {};
  TakeFields(content, body, profile, observer);
  observer.Finish();
  return {};
}

}  // namespace karez::protocols::cjt188
