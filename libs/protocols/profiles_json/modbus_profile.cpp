#include <algorithm>
#include <optional>

#include "libs/protocols/modbus/profile.h"
#include "libs/protocols/profiles_json/measure.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/named.h"
#include "libs/protocols/profiles_json/reader.h"
#include "libs/protocols/profiles_json/status_rules.h"

namespace karez::protocols {
namespace {

using modbus::Point;
using modbus::Profile;
using modbus::Purpose;
using modbus::Read;
using modbus::Type;
using modbus::WordOrder;
using nlohmann::json;

bool ReadAddress(ObjectReader& reader, std::string_view key, uint16_t& out) {
  if (!reader.Has(key)) return false;
  uint32_t address = 0;
  reader.Hex(key, 4, address);
  out = static_cast<uint16_t>(address);
  return true;
}

void ReadReads(ObjectReader& parent, const std::string& file, Profile& out,
               std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("reads");
  if (list == nullptr) return;
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path("reads") + "[" + std::to_string(i) + "]", file,
                        faults);
    for (const char* key : {"start", "count"}) reader.Require(key);
    Read read;
    reader.Choice<Purpose>("ask",
                           {{"other", Purpose::kOther},
                            {"current", Purpose::kCurrent},
                            {"settlement", Purpose::kSettlement}},
                           read.purpose);
    reader.Number("function", 3, 4, read.function);
    ReadAddress(reader, "start", read.start);
    reader.Number("count", 1, 125, read.count);
    for (const Read& other : out.reads) {
      if (other.function == read.function && other.count == read.count) {
        reader.Fault("count", "must differ from that of every other read of this function");
      }
      if (read.purpose != Purpose::kOther && other.purpose == read.purpose) {
        reader.Fault("ask", "is given to another read");
      }
    }
    reader.Finish();
    if (!out.reads.push_back(read)) {
      parent.Fault("reads", "must have at most 8 entries");
      return;
    }
  }
}

void ReadTimeParts(ObjectReader& reader, Point& point) {
  const auto parts = reader.String("parts");
  if (!parts) return;
  const bool known = parts->find_first_not_of("CYMWDhms-") == std::string::npos;
  if (!known || parts->size() != size_t{2} * point.registers) {
    reader.Fault("parts", "must be one of C Y M W D h m s or '-' for each byte");
  }
  for (const char needed : {'Y', 'M', 'D'}) {
    if (std::count(parts->begin(), parts->end(), needed) != 1) {
      reader.Fault("parts", "must hold Y, M and D once each");
      break;
    }
  }
  point.parts = FixedText<16>(*parts);
}

void ReadType(ObjectReader& reader, Point& point) {
  reader.Choice<Type>("type",
                      {{"u16", Type::kU16},
                       {"i16", Type::kI16},
                       {"u32", Type::kU32},
                       {"i32", Type::kI32},
                       {"f32", Type::kF32},
                       {"bcd", Type::kBcd},
                       {"hex", Type::kHex},
                       {"time", Type::kTime}},
                      point.type);
  const bool sized =
      point.type == Type::kBcd || point.type == Type::kHex || point.type == Type::kTime;
  if (sized) {
    reader.Require("registers");
    reader.Number("registers", 1, point.type == Type::kBcd ? 4 : 8, point.registers);
  } else {
    point.registers = point.type == Type::kU16 || point.type == Type::kI16 ? 1 : 2;
  }
  if (!sized && point.registers == 2) {
    reader.Require("order");
    reader.Choice<WordOrder>("order",
                             {{"abcd", WordOrder::kAbcd},
                              {"cdab", WordOrder::kCdab},
                              {"badc", WordOrder::kBadc},
                              {"dcba", WordOrder::kDcba}},
                             point.order);
  }
  if (point.type == Type::kTime) {
    reader.Require("parts");
    ReadTimeParts(reader, point);
    reader.Flag("binary", point.binary);
  }
}

void ReadFraction(ObjectReader& reader, Point& point) {
  uint16_t address = 0;
  if (!ReadAddress(reader, "fraction", address)) return;
  point.fraction = address;
  if (point.type != Type::kU32 && point.type != Type::kI32) {
    reader.Fault("fraction", "belongs to u32 and i32 only");
  }
  if (point.repeat > 1) reader.Fault("fraction", "does not go with repeat");
}

void ReadPoint(ObjectReader& reader, Point& point) {
  for (const char* key : {"name", "address", "type"}) reader.Require(key);
  std::string name;
  reader.Text("name", name);
  if (name.size() > 24 ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
    reader.Fault("name", "must be at most 24 of a-z, 0-9 and '_'");
  }
  CheckNotTaken(reader, name);
  point.name = FixedText<24>(name);
  ReadAddress(reader, "address", point.address);
  ReadType(reader, point);
  reader.Number("repeat", 1, 31, point.repeat);
  reader.Number("exponent", -9, 9, point.exponent);
  reader.Number("decimals", 0, 9, point.decimals);
  ReadFraction(reader, point);
  if (const auto quantity = ReadNamed<Quantity>(reader, "quantity")) {
    point.quantity = *quantity;
    point.observed = true;
    if (point.type == Type::kTime || point.type == Type::kHex) {
      reader.Fault("quantity", "does not go with type time or hex");
    }
  }
  if (const auto unit = ReadNamed<Unit>(reader, "unit")) point.unit = *unit;
  reader.Choice<Storage>("storage",
                         {{"current", Storage::kCurrent},
                          {"settlement", Storage::kSettlement},
                          {"freeze", Storage::kFreeze}},
                         point.storage);
  reader.Number("storage_index", 0, 31, point.storage_index);
}

void ReadPoints(ObjectReader& parent, const std::string& file, Profile& out,
                std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("points");
  if (list == nullptr) return;
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path("points") + "[" + std::to_string(i) + "]", file,
                        faults);
    Point point;
    ReadPoint(reader, point);
    reader.Finish();
    if (!out.points.push_back(point)) {
      parent.Fault("points", "must have at most 32 entries");
      return;
    }
  }
}

void ReadStatus(ObjectReader& parent, const std::string& file, Profile& out,
                std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("status");
  if (list == nullptr) return;
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path("status") + "[" + std::to_string(i) + "]", file,
                        faults);
    for (const char* key : {"address", "rules"}) reader.Require(key);
    modbus::Status status;
    ReadAddress(reader, "address", status.address);
    ReadStatusRules(reader, "rules", "the register", file, status.rules, faults);
    reader.Finish();
    if (!out.status.push_back(status)) {
      parent.Fault("status", "must have at most 4 entries");
      return;
    }
  }
}

void ReadValve(ObjectReader& parent, const std::string& file, Profile& out,
               std::vector<ProfileFault>& faults) {
  const json* object = parent.Object("valve");
  if (object == nullptr) return;
  ObjectReader reader(*object, parent.Path("valve"), file, faults);
  for (const char* key : {"function", "address"}) reader.Require(key);
  out.valve.present = true;
  uint32_t function = modbus::kWriteRegister;
  reader.Hex("function", 2, function);
  if (function != modbus::kWriteRegister && function != modbus::kWriteRegisters) {
    reader.Fault("function", "must be 06 or 10");
  }
  out.valve.function = static_cast<uint8_t>(function);
  ReadAddress(reader, "address", out.valve.address);
  uint16_t code = 0;
  if (ReadAddress(reader, "open", code)) out.valve.open = code;
  if (ReadAddress(reader, "close", code)) out.valve.close = code;
  reader.Finish();
}

}  // namespace

void ReadModbusProfile(const json& object, const std::string& file, Profile& out,
                       std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "modbus", file, faults);
  reader.Require("reads");
  if (reader.Has("unit")) reader.Number("unit", 1, 255, out.unit.emplace());
  ReadReads(reader, file, out, faults);
  ReadPoints(reader, file, out, faults);
  ReadStatus(reader, file, out, faults);
  ReadValve(reader, file, out, faults);
  reader.Finish();
}

}  // namespace karez::protocols
