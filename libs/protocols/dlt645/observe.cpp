#include "libs/protocols/dlt645/read.h"

namespace karez::protocols::dlt645 {
namespace {

// Takes the fields of one frame and puts what they say into `out`.
class Observer {
 public:
  Observer(const Content& content, Observation& out) : content_(content), out_(out) {
    out.Clear();
    out.kind = content.kind;
    content.header.address.Write(out.device_id);
    out.control = content.header.control;
    out.identifier = content.identifier;
  }

  [[gnu::always_inline]] void Take(const Field& field) {
    const FieldSpec& spec = *field.spec;
    if (field.rejected) {
      out_.rejections.push_back({spec.name, field.reason, field.place});
      return;
    }
    if (spec.observed && content_.named.spec != nullptr) TakeRegister(field);
    if (spec.form == Form::kWeekClock) {
      out_.device_time = field.time;
      out_.time_quality = TimeQuality::kStated;
    }
    if (content_.error) out_.status = static_cast<uint32_t>(field.value);
  }

 private:
  [[gnu::always_inline]] void TakeRegister(const Field& field) {
    Register* seen = out_.registers.emplace_back();
    if (seen == nullptr) return;
    seen->quantity = field.spec->quantity;
    seen->exponent = static_cast<int8_t>(-field.decimals);
    seen->unit = field.spec->unit;
    seen->place = field.place;
    seen->raw = field.value;
    const Named& named = content_.named;
    uint8_t period = named.period;
    if (named.block == Block::kPeriods) {
      period = field.part;  // the items of such a block are settlements
      seen->tariff = named.part;
    } else if (named.spec->part_kind == PartKind::kTariff) {
      seen->tariff = field.part;
    } else if (named.spec->part_kind == PartKind::kPhase) {
      seen->phase = field.part;
    }
    seen->storage = period == 0 ? Storage::kCurrent : Storage::kSettlement;
    seen->storage_index = period;
  }

  const Content& content_;
  Observation& out_;
};

}  // namespace

Error Decode(Bytes frame, const Profile& profile, Observation& out) {
  std::array<std::byte, kMaxData> data;
  Content content;
  Body body;
  const Error error = ReadContent(frame, data, content, body);
  if (!error.ok()) return error;
  Observer observer(content, out);
  if (content.kind == Kind::kRequest) return {};
  Walk(content, body, profile, observer);
  return {};
}

}  // namespace karez::protocols::dlt645
