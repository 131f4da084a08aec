#include <algorithm>
#include <utility>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/measure.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/payload_field.h"
#include "libs/protocols/profiles_json/status_rules.h"

namespace karez::protocols {
namespace {

using nlohmann::json;
using payload::ByteOrder;
using payload::FieldSpec;
using payload::Layout;
using payload::Measure;
using payload::Role;
using payload::SeriesSpec;

std::optional<uint8_t> FieldNumber(ObjectReader& reader, std::string_view key,
                                   const Layout& layout) {
  const auto name = reader.String(key);
  if (!name) return std::nullopt;
  for (size_t i = 0; i < layout.fields.size(); ++i) {
    if (layout.fields[i].name == *name) return static_cast<uint8_t>(i);
  }
  reader.Fault(key, "must name a field of the layout");
  return std::nullopt;
}

void ReadBits(ObjectReader& reader, SeriesSpec& out) {
  if (out.bits != 0) return;
  reader.Require("bits");
  out.bits = 1;
  reader.Number("bits", 1, 32, out.bits);
  if (out.bits % 8 != 0 && out.order == ByteOrder::kBig) {
    reader.Fault("byte_order", "must be little for bits");
  }
}

// The first interval begins at an hour of the day that `start` tells, or of another.
void ReadStartAt(ObjectReader& reader, const Layout& layout, SeriesSpec& out) {
  if (out.start && !IsTime(layout.fields[*out.start].form)) {
    reader.Fault("start", "must name a time");
  }
  if (!reader.Has("start_hour")) {
    if (reader.Has("start_days")) reader.Fault("start_days", "needs start_hour");
    return;
  }
  if (!reader.Has("start")) reader.Fault("start_hour", "needs start");
  payload::DayTime& at = out.start_at.emplace();
  reader.Number("start_hour", 0, 23, at.hour);
  reader.Number("start_days", -31, 31, at.days);
}

void ReadSeries(ObjectReader& parent, const std::string& file, ByteOrder order, size_t end,
                Layout& layout, std::vector<ProfileFault>& faults) {
  const json* object = parent.Object("series");
  if (object == nullptr) return;
  ObjectReader reader(*object, parent.Path("series"), file, faults);
  for (const char* key : {"name", "offset", "type", "count", "quantity"}) reader.Require(key);
  SeriesSpec series;
  series.order = order;
  ReadFieldName(reader, series.name);
  reader.Number("offset", 0, kMaxPayloadSize, series.offset);
  reader.Choice<uint8_t>("type", {{"u8", 8}, {"u16", 16}, {"u24", 24}, {"u32", 32}, {"bits", 0}},
                         series.bits);
  reader.Number("count", 1, static_cast<int>(Series::kMaxSlots), series.count);
  ReadOrder(reader, series.order);
  ReadBits(reader, series);
  series.measure = ReadMeasure(reader).value_or(Measure{});
  reader.Number("interval_minutes", 1, 1440, series.interval_minutes);
  series.start = FieldNumber(reader, "start", layout);
  ReadStartAt(reader, layout, series);
  series.base = FieldNumber(reader, "base", layout);
  if (series.base && !layout.fields[*series.base].measure) {
    reader.Fault("base", "must name a field with a quantity");
  }
  if (size_t{series.offset} + series.size() > end) {
    reader.Fault("count", "reaches beyond the layout's size");
  }
  reader.Finish();
  layout.series = std::move(series);
}

void ReadMatch(ObjectReader& reader, Layout& layout) {
  reader.Number("match_offset", 0, kMaxPayloadSize, layout.match_offset);
  const auto text = reader.String("match");
  if (!text) return;
  if (!ParseHex(*text, layout.match) || layout.match.empty() || layout.match.size() > 8) {
    reader.Fault("match", "must be 1 to 8 bytes in hexadecimal");
  }
  if (layout.match_offset + layout.match.size() > layout.size) {
    reader.Fault("match", "reaches beyond the layout's size");
  }
}

void ReadPlausible(ObjectReader& parent, const std::string& file, Layout& layout,
                   std::vector<ProfileFault>& faults) {
  const json* object = parent.Object("plausible");
  if (object == nullptr) return;
  ObjectReader reader(*object, parent.Path("plausible"), file, faults);
  for (const char* key : {"earlier", "later", "days"}) reader.Require(key);
  payload::Plausible plausible;
  for (const auto& [key, number] :
       {std::pair("earlier", &plausible.earlier), std::pair("later", &plausible.later)}) {
    const auto found = FieldNumber(reader, key, layout);
    if (found && !IsTime(layout.fields[*found].form)) reader.Fault(key, "must name a time");
    *number = found.value_or(0);
  }
  reader.Number("days", 1, 255, plausible.days);
  reader.Finish();
  layout.plausible = plausible;
}

void ReadFields(ObjectReader& reader, const std::string& file, ByteOrder order, size_t end,
                Layout& layout, std::vector<ProfileFault>& faults) {
  const json* list = reader.Array("fields");
  if (list == nullptr) return;
  if (list->empty() || list->size() > Layout::kMaxFields) {
    reader.Fault("fields", "must be 1 to " + std::to_string(Layout::kMaxFields) + " fields");
  }
  for (size_t i = 0; i < list->size(); ++i) {
    const std::string at = reader.Path("fields") + "[" + std::to_string(i) + "]";
    FieldSpec field = ReadField((*list)[i], at, file, order, faults);
    if (field.offset + size_t{field.size} > end) {
      faults.push_back({file, at + ".offset", "reaches beyond the layout's size"});
    }
    layout.fields.push_back(std::move(field));
  }
}

// `tail`: bytes behind the layout's own.
Layout ReadLayout(const json& object, const std::string& path, const std::string& file, size_t tail,
                  std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, path, file, faults);
  for (const char* key : {"name", "size", "fields"}) reader.Require(key);
  Layout layout;
  ReadFieldName(reader, layout.name);
  reader.Choice<Kind>("kind",
                      {{"reading", Kind::kReading},
                       {"history", Kind::kHistory},
                       {"parameter", Kind::kParameter},
                       {"acknowledged", Kind::kAcknowledged},
                       {"request", Kind::kRequest}},
                      layout.kind);
  if (reader.Has("f_port")) reader.Number("f_port", 1, 223, layout.port.emplace());
  reader.Number("size", 1, kMaxPayloadSize, layout.size);
  ReadMatch(reader, layout);
  ByteOrder order = ByteOrder::kBig;
  ReadOrder(reader, order);
  const size_t end = layout.size - std::min<size_t>(tail, layout.size);
  ReadFields(reader, file, order, end, layout, faults);
  ReadSeries(reader, file, order, end, layout, faults);
  ReadPlausible(reader, file, layout, faults);
  reader.Finish();
  return layout;
}

void ReadHexBytes(ObjectReader& reader, std::string_view key, size_t max,
                  std::vector<std::byte>& out) {
  const auto text = reader.String(key);
  if (!text) return;
  if (!ParseHex(*text, out) || out.empty() || out.size() > max) {
    reader.Fault(key, "must be 1 to " + std::to_string(max) + " bytes in hexadecimal");
  }
}

void ReadFrame(ObjectReader& parent, const std::string& file, payload::Profile& out,
               std::vector<ProfileFault>& faults) {
  const json* object = parent.Object("frame");
  if (object == nullptr) return;
  ObjectReader reader(*object, parent.Path("frame"), file, faults);
  for (const char* key : {"start", "length_offset"}) reader.Require(key);
  payload::Frame& frame = out.frame.emplace();
  ReadHexBytes(reader, "start", 8, frame.start);
  if (frame.start.empty()) frame.start.push_back({});  // told as a fault
  ReadHexBytes(reader, "wake_up", 8, frame.wake_up);
  std::vector<std::byte> end;
  ReadHexBytes(reader, "end", 1, end);
  if (!end.empty()) frame.end = end.front();
  reader.Number("length_offset", static_cast<int>(frame.start.size()), kMaxPayloadSize,
                frame.length_offset);
  ReadOrder(reader, frame.order);
  uint32_t polynomial = frame.crc_polynomial;
  uint32_t initial = frame.crc_initial;
  reader.Hex("crc_polynomial", 4, polynomial);
  reader.Hex("crc_initial", 4, initial);
  frame.crc_polynomial = static_cast<uint16_t>(polynomial);
  frame.crc_initial = static_cast<uint16_t>(initial);
  reader.Finish();
}

// What every status says whose field tells nothing itself.
void ReadCommonStatus(ObjectReader& parent, const std::string& file, payload::Profile& out,
                      std::vector<ProfileFault>& faults) {
  const json* object = parent.Object("status");
  if (object == nullptr) return;
  ObjectReader reader(*object, parent.Path("status"), file, faults);
  FieldSpec common;
  ReadStatusRules(reader, "rules", "the status", file, common.rules, faults);
  ReadTexts(reader, file, common, faults);
  reader.Finish();
  for (Layout& layout : out.layouts) {
    for (FieldSpec& field : layout.fields) {
      if (field.role != Role::kStatus || !field.rules.empty() || !field.texts.empty()) continue;
      field.rules = common.rules;
      field.texts = common.texts;
    }
  }
}

}  // namespace

void ReadPayloadProfile(const json& object, const std::string& file, payload::Profile& out,
                        std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "payload", file, faults);
  reader.Require("layouts");
  ReadFrame(reader, file, out, faults);
  const size_t tail = out.frame ? out.frame->tail() : 0;
  const json* list = reader.Array("layouts");
  for (size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const std::string at = reader.Path("layouts") + "[" + std::to_string(i) + "]";
    out.layouts.push_back(ReadLayout((*list)[i], at, file, tail, faults));
  }
  ReadCommonStatus(reader, file, out, faults);
  if (out.layouts.empty()) reader.Fault("layouts", "must hold at least one layout");
  for (size_t i = 0; out.frame && i < out.layouts.size(); ++i) {
    if (out.layouts[i].size < out.frame->length_offset + 2u + tail) {
      faults.push_back({file, "payload.layouts[" + std::to_string(i) + "].size",
                        "is shorter than the frame around it"});
    }
  }
  reader.Finish();
}

}  // namespace karez::protocols
