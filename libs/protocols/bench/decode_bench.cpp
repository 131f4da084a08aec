// What decoding a frame costs, beside a loop that only checks its length and checksum.
//
//   decode-bench                  Google Benchmark: ns and heap allocations per frame
//   decode-bench --repeat N CASE  decodes one case N times, to be counted by callgrind
//
// bench/run does both and prints the table of `make bench-protocols`.
#include <array>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "libs/protocols/chirpstack/event.h"
#include "libs/protocols/codec.h"
#include "libs/protocols/crypto/aes128.h"
#include "libs/protocols/lorawan/security.h"
#include "libs/protocols/mbus/message.h"
#include "libs/protocols/modbus/frame.h"
#include "libs/protocols/tests/hex.h"

namespace {
size_t allocations = 0;
}

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace karez::protocols {
namespace {

// A frame of 500 bytes as ChirpStack pushes it.
constexpr std::string_view kPush =
    R"({"deduplicationId":"3ac7e3c4-4401-4b8d-9386-a5c902f9202d","time":"2022-07-18T09:34:15.775+00:00",)"
    R"("deviceInfo":{"tenantId":"52f14cd4-c6f1-4fbd-8f87-4025e1d49242","applicationId":)"
    R"("17c82e96-be03-4f38-aef3-f83d48582d97","deviceName":"meter","devEui":"0101010101010101",)"
    R"("tags":{"key":"value"}},"devAddr":"00189440","dr":1,"fCnt":7,"fPort":1,"data":"qrvM3e7/",)"
    R"("rxInfo":[{"gatewayId":"0016c001f153a14c","uplinkId":4217106255,"rssi":-36,"snr":10.5}],)"
    R"("txInfo":{"frequency":867100000}})";

uint8_t Sum(Bytes bytes) {
  unsigned sum = 0;
  for (const std::byte b : bytes) sum += std::to_integer<unsigned>(b);
  return static_cast<uint8_t>(sum & 0xFF);
}

// Length byte at `length_at`, `more` bytes around the data, sum over all but the last two from
// `from` on.
template <size_t kFrom, size_t kLengthAt, size_t kMore>
bool CheckSummed(Bytes frame) {
  return frame.size() == std::to_integer<size_t>(frame[kLengthAt]) + kMore &&
         std::to_integer<uint8_t>(frame[frame.size() - 2]) ==
             Sum(frame.subspan(kFrom, frame.size() - 2 - kFrom));
}

struct Case {
  const char* name;
  std::vector<std::byte> frame;
  bool (*decode)(Bytes frame);
  bool (*check)(Bytes frame);
};

Observation observation;

bool DecodeLine(Protocol protocol, Bytes frame) {
  static MeterProfile profile;
  profile.protocol = protocol;
  return Decode(profile, frame, observation).ok();
}

bool DecodeModbus(Bytes frame) {
  modbus::Message message;
  const bool ok = modbus::ParseRtu(frame, Direction::kResponse, message).ok();
  benchmark::DoNotOptimize(message);
  return ok;
}

bool CheckModbus(Bytes frame) {
  return frame.size() == std::to_integer<size_t>(frame[2]) + 5 && modbus::Crc16(frame) == 0;
}

crypto::Key128 KeyOf(std::string_view hex) {
  crypto::Key128 key{};
  std::memcpy(key.data(), FromHex(hex).data(), key.size());
  return key;
}

lorawan::SessionKeys LorawanKeys() {
  return {KeyOf("44024241ed4ce9a68c6a8bc055233fd3"), KeyOf("ec925802ae430ca77fd3dd73cb2cc588")};
}

bool DecodeLorawan(Bytes frame) {
  static lorawan::Session session(0x49BE7DF1, LorawanKeys());
  std::array<std::byte, lorawan::kMaxPhy> plain;
  lorawan::Session::Opened opened;
  return session.Open(frame, 1, plain, opened).ok();
}

bool CheckLorawan(Bytes frame) {
  static crypto::Aes128 key(LorawanKeys().nwk_s_key);
  const Bytes message = frame.first(frame.size() - 4);
  return lorawan::DataMic(key, lorawan::Way::kUp, 0x49BE7DF1, 2, message) != 0;
}

bool DecodePush(Bytes frame) {
  static json::Parser parser;
  chirpstack::Event event;
  const std::string_view text(reinterpret_cast<const char*>(frame.data()), frame.size());
  return chirpstack::ReadEvent(parser, text, chirpstack::EventType::kUp, event).ok();
}

bool CheckPush(Bytes frame) {
  static json::Parser parser;
  const std::string_view text(reinterpret_cast<const char*>(frame.data()), frame.size());
  return parser.Parse(text).has_value();
}

std::vector<Case> Cases() {
  const auto push = std::as_bytes(std::span(kPush));
  return {
      {"cjt188",
       FromHex("68 10 44 33 22 11 00 33 78 81 16 1F 90 00 00 77 66 55 2C 00 77 66 55 2C 31 01 22 "
               "11 05 15 20 21 84 13 16"),
       [](Bytes frame) { return DecodeLine(Protocol::kCjt188, frame); }, CheckSummed<0, 10, 13>},
      {"dlt645", FromHex("68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16"),
       [](Bytes frame) { return DecodeLine(Protocol::kDlt645, frame); }, CheckSummed<0, 9, 12>},
      {"modbus-rtu", FromHex("11 03 04 00 8D 00 8E FB BD"), DecodeModbus, CheckModbus},
      {"mbus-10-records",
       FromHex("68 4A 4A 68 08 01 72 45 23 11 70 93 15 0A 07 02 00 00 00 0C 13 67 45 23 01 04 6D "
               "3A 0D E6 02 42 6C E1 01 4C 13 51 69 45 00 42 EC 7E 01 11 12 3B 39 17 42 6C 01 11 "
               "02 3B F9 17 0F 0E 42 20 01 01 01 00 05 08 5E 01 20 3D 12 08 3D 12 08 00 C0 16"),
       [](Bytes frame) { return mbus::Observe(frame, {}, observation).ok(); },
       CheckSummed<4, 1, 6>},
      {"lorawan-mic-decrypt", FromHex("40F17DBE4900020001954378762B11FF0D"), DecodeLorawan,
       CheckLorawan},
      {"chirpstack-push-500", {push.begin(), push.end()}, DecodePush, CheckPush},
  };
}

void Measure(benchmark::State& state, const Case& one, bool (*work)(Bytes)) {
  if (!work(one.frame)) return state.SkipWithError("the frame is not read");
  const size_t before = allocations;
  for (auto _ : state) {
    benchmark::DoNotOptimize(work(one.frame));
    benchmark::ClobberMemory();
  }
  state.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations - before) /
                                                     static_cast<double>(state.iterations()));
}

int Repeat(long count, std::string_view name) {
  for (const Case& one : Cases()) {
    if (name != one.name) continue;
    for (long i = 0; i < count; ++i) {
      if (!one.decode(one.frame)) return 1;
    }
    return 0;
  }
  return 2;
}

int Main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--repeat") {
    return Repeat(std::atol(argv[2]), argv[3]);
  }
  const std::vector<Case> cases = Cases();
  for (const Case& one : cases) {
    const std::string name = one.name;
    benchmark::RegisterBenchmark((name + "/decode").c_str(),
                                 [&one](auto& state) { Measure(state, one, one.decode); });
    benchmark::RegisterBenchmark((name + "/check").c_str(),
                                 [&one](auto& state) { Measure(state, one, one.check); });
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace karez::protocols

int main(int argc, char** argv) { return karez::protocols::Main(argc, argv); }
