#include <cstdio>

#include "libs/protocols/codec.h"

using namespace karez::protocols;

int main() {
  const unsigned char frame[] = {0x68, 0x10, 0x44, 0x33, 0x22, 0x11, 0x00, 0x33, 0x78,
                                 0x81, 0x16, 0x1F, 0x90, 0x00, 0x00, 0x77, 0x66, 0x55,
                                 0x2C, 0x00, 0x77, 0x66, 0x55, 0x2C, 0x31, 0x01, 0x22,
                                 0x11, 0x05, 0x15, 0x20, 0x21, 0x84, 0x13, 0x16};
  Observation seen;
  if (!Decode(MeterProfile{}, std::as_bytes(std::span(frame)), seen).ok()) return 1;
  const Register* volume = seen.Find(Quantity::kVolume);
  std::printf("meter %s: %lld mL\n", std::string(seen.device_id.view()).c_str(),
              static_cast<long long>(*ToMillilitres(volume->raw, volume->exponent, volume->unit)));
}
