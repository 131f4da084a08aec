// What went wrong with a frame, and where. Codecs return errors as values: no exceptions, no
// strings, no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace karez::protocols {

enum class Fault : uint8_t {
  kNone,
  kShort,         // fewer bytes than the shortest frame, or fewer than the length field promises
  kStart,         // no start byte where the frame should begin
  kLength,        // length field outside the protocol's limits, or not the bytes' number
  kEnd,           // no end byte where the length field puts it
  kChecksum,      // `expected` computed, `found` in the frame
  kVersion,       // envelope version that we do not speak (`found`)
  kControl,       // control code or message type that the protocol does not define (`found`)
  kIdentifier,    // data identifier that neither the standard nor the profile knows (`found`)
  kLayout,        // known identifier, but data of a length that no layout has (`found` bytes)
  kValue,         // a value that the wire form cannot carry (encoding only)
  kNotSupported,  // the profile does not allow this command for this meter (encoding only)
  kEncrypted,     // protected, and no key at hand; `found` = the protocol's mode of protection
  kReplay,        // a counter not above the last one (`expected`) though the frame is authentic
  kKey,           // decrypted to what cannot be the plain text: the key is wrong
  kText,          // no JSON at all (JSON protocols)
  kField,         // a JSON member is missing, of another type or out of its range
  kBuffer,        // the output buffer is too small; `expected` bytes are needed (encoding only)
};

// UPPER_SNAKE, stable: used as quarantine reason and in problem answers. "NONE" for kNone.
std::string_view Name(Fault fault);

struct Error {
  Fault fault = Fault::kNone;
  uint16_t position = 0;  // byte in the given span where the fault shows
  uint32_t expected = 0;  // meaning depends on `fault`, 0 where it has none
  uint32_t found = 0;

  bool ok() const { return fault == Fault::kNone; }
};

}  // namespace karez::protocols
