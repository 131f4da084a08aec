// Any bytes as LwM2M content: first byte the format and the path asked for, the rest the content.
// What was read whole is written and read again with the same values.
#include <array>
#include <cstdlib>
#include <vector>

#include "libs/protocols/lwm2m/observe.h"
#include "libs/protocols/lwm2m/senml.h"
#include "libs/protocols/lwm2m/tlv.h"

namespace {

using namespace karez::protocols;         // NOLINT: a program of one function
using namespace karez::protocols::lwm2m;  // NOLINT

void CheckAgain(const Entries& entries, const Path& base) {
  static std::vector<std::byte> out(1 << 18);
  static Entries again;
  const std::span<const Entry> span(entries.begin(), entries.size());
  const Written written = WriteTlv(span, base, out);
  if (!written.error.ok()) return;
  if (written.size > UINT16_MAX) return;
  if (!ReadTlv(Bytes(out).first(written.size), base, again).ok()) std::abort();
  if (again.size() != entries.size()) std::abort();
  for (size_t i = 0; i < again.size(); ++i) {
    if (!(again[i].path == entries[i].path) || again[i].value.integer != entries[i].value.integer ||
        again[i].value.bytes.size() != entries[i].value.bytes.size()) {
      // The bytes of numbers may shrink.
      const Type type = entries[i].value.type;
      if (type == Type::kString || type == Type::kOpaque || type == Type::kUnknown) std::abort();
      if (again[i].value.integer != entries[i].value.integer) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  static const char* const kPaths[] = {"/3/0",    "/3", "/3/0/6", "/3424/0",
                                       "/19/0/0", "/",  "/2",     "/65/0"};
  static NamedReader reader;
  static Entries entries;
  const Bytes content = std::as_bytes(std::span(data + 1, size - 1));
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  Path base;
  Path::Parse(kPaths[data[0] >> 2 & 7], base);
  Error error;
  switch (data[0] & 3) {
    case 0:
      error = ReadTlv(content, base, entries);
      break;
    case 1:
      error = reader.ReadSenmlCbor(content, entries);
      break;
    case 2:
      error = reader.ReadSenmlJson(text, entries);
      break;
    default:
      error = reader.ReadJson(text, base, entries);
      break;
  }
  if (!error.ok()) return 0;
  Observation observation;
  const std::span<const Entry> span(entries.begin(), entries.size());
  Observe(span, observation);
  ApplicationData(span);
  if ((data[0] & 3) == 0) CheckAgain(entries, base);
  static std::vector<char> room(1 << 18);
  static_cast<void>(WriteSenmlJson(span, Path{}, room));
  return 0;
}
