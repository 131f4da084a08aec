// Any bytes as the stream of a line of DL/T 645 meters.
#include "libs/protocols/dlt645/link.h"
#include "tests/fuzz/targets/stream_account.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace karez::protocols;  // NOLINT: a program of one function
  CheckStream(dlt645::Probe{}, std::as_bytes(std::span(data, size)));
  return 0;
}
