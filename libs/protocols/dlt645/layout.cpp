#include "libs/protocols/dlt645/layout.h"

#include <algorithm>

namespace karez::protocols::dlt645 {
namespace {

constexpr FieldSpec kRest = {"data", Form::kBytes, 0};
constexpr FieldSpec kSequence = {"seq", Form::kByte, 1};

constexpr FieldSpec kLevel = {"level", Form::kHex, 1};
constexpr FieldSpec kPassword = {"password", Form::kHex, 3};
constexpr FieldSpec kOperator = {"operator", Form::kHex, 4};

constexpr FieldSpec kError[] = {{"error", Form::kHex, 1}};
constexpr FieldSpec kRecords[] = {{"records", Form::kByte, 1}};
constexpr FieldSpec kRecordsFrom[] = {{"records", Form::kByte, 1}, {"from", Form::kMoment, 5}};
constexpr FieldSpec kSequenceOnly[] = {kSequence};
constexpr FieldSpec kReadAddress[] = {{"read_address", Form::kHex, 6}};
constexpr FieldSpec kNewAddress[] = {{"new_address", Form::kHex, 6}};
constexpr FieldSpec kAuthority[] = {kLevel, kPassword, kOperator};
constexpr FieldSpec kTime[] = {{"time", Form::kClock, 6}};
constexpr FieldSpec kFreezeAt[] = {{"freeze_at", Form::kHex, 4}};
constexpr FieldSpec kSpeed[] = {{"speed", Form::kHex, 1}};
constexpr FieldSpec kPasswords[] = {
    {"old_level", Form::kHex, 1}, {"old_password", Form::kHex, 3}, kLevel, kPassword};
constexpr FieldSpec kNewPassword[] = {kLevel, kPassword};
constexpr FieldSpec kEvents[] = {kLevel, kPassword, kOperator, {"events", Form::kHex, 4}};
constexpr FieldSpec kRelay[] = {kLevel,
                                kPassword,
                                kOperator,
                                {"command", Form::kHex, 1},
                                {"reserved", Form::kHex, 1},
                                {"valid_until", Form::kClock, 6}};

// function, reply, in 1997, in 2007, identifier, fields, tail
constexpr Layout kLayouts[] = {
    {Function::kRead, true, true, true, true, {}, Tail::kValues},
    {Function::kRead, false, true, true, true, {}},
    {Function::kRead, false, false, true, true, kRecords},
    {Function::kRead, false, false, true, true, kRecordsFrom},
    {Function::kReadNext, false, false, true, true, kSequenceOnly},
    {Function::kReadNext, false, true, false, true, {}},
    {Function::kReadNext, true, false, true, true, {}, Tail::kNumberedRest},
    {Function::kReadNext, true, true, false, true, {}, Tail::kRest},
    {Function::kReread, false, true, false, false, {}},
    {Function::kReread, true, true, false, true, {}, Tail::kValues},
    {Function::kReadAddress, false, false, true, false, {}},
    {Function::kReadAddress, true, false, true, false, kReadAddress},
    {Function::kWrite, false, false, true, true, kAuthority, Tail::kValues},
    {Function::kWrite, false, true, false, true, {}, Tail::kRest},
    {Function::kWrite, true, true, true, false, {}},
    {Function::kWriteAddress, false, true, true, false, kNewAddress},
    {Function::kWriteAddress, true, true, true, false, {}},
    {Function::kBroadcastTime, false, true, true, false, kTime},
    {Function::kFreeze, false, false, true, false, kFreezeAt},
    {Function::kFreeze, true, false, true, false, {}},
    {Function::kChangeSpeed, false, true, true, false, kSpeed},
    {Function::kChangeSpeed, true, true, true, false, kSpeed},
    {Function::kChangePassword, false, false, true, true, kPasswords},
    {Function::kChangePassword, false, true, false, false, kPasswords},
    {Function::kChangePassword, true, true, true, false, kNewPassword},
    {Function::kClearDemand, false, false, true, false, kAuthority},
    {Function::kClearDemand, false, true, false, false, {}},
    {Function::kClearDemand, true, true, true, false, {}},
    {Function::kClearMeter, false, false, true, false, kAuthority},
    {Function::kClearMeter, true, false, true, false, {}},
    {Function::kClearEvents, false, false, true, false, kEvents},
    {Function::kClearEvents, true, false, true, false, {}},
    {Function::kControl, false, false, true, false, kRelay},
    {Function::kControl, true, false, true, false, {}},
};

// Whatever the function.
constexpr Layout kRefusal = {.reply = true, .fields = kError};

bool IsOf(const Layout& layout, const Content& content) {
  return layout.function == content.function && layout.reply == content.reply &&
         (content.edition == Edition::k2007 ? layout.in_2007 : layout.in_1997);
}

}  // namespace

size_t LayoutSize(const Layout& layout, Edition edition) {
  size_t size = layout.has_identifier ? IdentifierSize(edition) : 0;
  for (const FieldSpec& field : layout.fields) size += field.size;
  return layout.tail == Tail::kNumberedRest ? size + 1 : size;
}

const Layout* FindLayout(const Content& content, size_t length) {
  if (content.error) return length == 1 ? &kRefusal : nullptr;
  for (const Layout& layout : kLayouts) {
    if (!IsOf(layout, content)) continue;
    const size_t size = LayoutSize(layout, content.edition);
    if (length == size || (layout.tail != Tail::kNone && length > size)) return &layout;
  }
  return nullptr;
}

const Layout* FirstLayout(const Content& content) {
  if (content.error) return &kRefusal;
  for (const Layout& layout : kLayouts) {
    if (IsOf(layout, content)) return &layout;
  }
  return nullptr;
}

const FieldSpec& RestField() { return kRest; }
const FieldSpec& SequenceField() { return kSequence; }

std::string_view TimeParts(Form form) {
  switch (form) {
    case Form::kDate:
      return "WDMY";
    case Form::kTime:
      return "smh";
    case Form::kMoment:
      return "mhDMY";
    case Form::kClock:
      return "smhDMY";
    case Form::kWeekClock:
      return "smhWDMY";
    default:
      return "";
  }
}

}  // namespace karez::protocols::dlt645
