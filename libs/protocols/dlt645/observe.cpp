#include "libs/protocols/dlt645/message.h"

namespace karez::protocols::dlt645 {
namespace {

void ObserveRegister(const Message& message, const Field& field, Observation& out) {
  Register seen;
  seen.quantity = field.spec->quantity;
  seen.exponent = static_cast<int8_t>(-field.decimals);
  seen.unit = field.spec->unit;
  seen.place = field.place;
  seen.raw = field.value;
  uint8_t period = message.spec->PeriodOf(message.identifier);
  if (message.spec->period.IsAll(message.identifier)) {
    period = field.part;  // the items of such a block are settlements
    seen.tariff = static_cast<uint8_t>(message.spec->part.Of(message.identifier));
  } else if (message.spec->part_kind == PartKind::kTariff) {
    seen.tariff = field.part;
  } else if (message.spec->part_kind == PartKind::kPhase) {
    seen.phase = field.part;
  }
  seen.storage = period == 0 ? Storage::kCurrent : Storage::kSettlement;
  seen.storage_index = period;
  out.registers.push_back(seen);
}

}  // namespace

void Observe(const Message& message, Observation& out) {
  out.Clear();
  out.kind = message.kind;
  out.device_id = message.header.address.Text();
  out.control = message.header.control;
  out.identifier = message.identifier;
  if (message.kind == Kind::kRequest) return;
  for (const Field& field : message.fields) {
    const FieldSpec& spec = *field.spec;
    if (field.rejected) {
      out.rejections.push_back({spec.name, field.reason, field.place});
      continue;
    }
    if (spec.observed && message.spec != nullptr) ObserveRegister(message, field, out);
    if (spec.form == Form::kWeekClock) {
      out.device_time = field.time;
      out.time_quality = TimeQuality::kStated;
    }
    if (message.error) out.status = static_cast<uint32_t>(field.value);
  }
}

}  // namespace karez::protocols::dlt645
