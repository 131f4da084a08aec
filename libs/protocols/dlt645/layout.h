// What each DL/T 645 function carries beside an identifier's values. Internal to dlt645.
#pragma once

#include <cstdint>
#include <span>

#include "libs/protocols/dlt645/message.h"

namespace karez::protocols::dlt645 {

enum class Tail : uint8_t {
  kNone,
  kValues,        // of the identifier, until the end
  kRest,          // bytes that belong to nothing whole
  kNumberedRest,  // the same, and behind them the number of the part
};

struct Layout {
  Function function = Function::kRead;
  bool reply = false;
  bool in_1997 = true;
  bool in_2007 = true;
  bool has_identifier = false;
  std::span<const FieldSpec> fields;  // behind the identifier
  Tail tail = Tail::kNone;
};

// Bytes of DATA without a tail's.
size_t LayoutSize(const Layout& layout, Edition edition);

// The layout of a message of that function, edition and direction, or of a refusal, that fits
// `length` bytes of DATA; null: none. FirstLayout: whatever its length.
const Layout* FindLayout(const Content& content, size_t length);
const Layout* FirstLayout(const Content& content);
const FieldSpec& RestField();
const FieldSpec& SequenceField();

// How the parts of a time are sent, first byte first: s m h D M Y and W, the weekday.
std::string_view TimeParts(Form form);

}  // namespace karez::protocols::dlt645
