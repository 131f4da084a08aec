// Any bytes as the stream of a Modbus line, RTU and TCP, from either side.
#include "libs/protocols/modbus/frame.h"
#include "tests/fuzz/targets/stream_account.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace karez::protocols;  // NOLINT: a program of one function
  const Bytes bytes = std::as_bytes(std::span(data, size));
  for (const Direction direction : {Direction::kRequest, Direction::kResponse}) {
    CheckStream(modbus::RtuProbe{direction}, bytes);
    CheckStream(modbus::TcpProbe{direction}, bytes);
  }
  return 0;
}
