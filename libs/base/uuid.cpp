#include "libs/base/uuid.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>

#include <openssl/sha.h>

#include "libs/base/bytes.h"

namespace karez {
namespace {

// Layout of version 7: 48 bits of milliseconds, then a 12-bit counter seeded anew each millisecond,
// then 62 random bits. A counter that overflows borrows the next millisecond.
class V7Generator {
 public:
  V7Generator() : random_(std::random_device{}() ^ (std::uint64_t{std::random_device{}()} << 32)) {}

  Uuid Next() {
    const auto now =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
    if (now > last_ms_) {
      last_ms_ = now;
      counter_ = static_cast<std::uint16_t>(random_() & 0x7ff);
    } else if (++counter_ > 0xfff) {
      ++last_ms_;
      counter_ = static_cast<std::uint16_t>(random_() & 0x7ff);
    }
    std::array<std::uint8_t, 16> out{};
    for (std::size_t i = 0; i < 6; ++i) {
      out[i] = static_cast<std::uint8_t>(last_ms_ >> (40 - 8 * i));
    }
    out[6] = static_cast<std::uint8_t>(0x70 | counter_ >> 8);
    out[7] = static_cast<std::uint8_t>(counter_ & 0xff);
    const std::uint64_t tail = random_();
    std::memcpy(&out[8], &tail, 8);
    out[8] = static_cast<std::uint8_t>((out[8] & 0x3f) | 0x80);
    return Uuid(out);
  }

 private:
  std::mt19937_64 random_;
  std::uint64_t last_ms_ = 0;
  std::uint16_t counter_ = 0;
};

}  // namespace

Uuid Uuid::V7() {
  thread_local V7Generator generator;
  return generator.Next();
}

Uuid Uuid::V5(const Uuid& space, std::string_view name) {
  std::string input(reinterpret_cast<const char*>(space.bytes_.data()), space.bytes_.size());
  input += name;
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const std::uint8_t*>(input.data()), input.size(), digest.data());
  std::array<std::uint8_t, 16> out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  out[6] = static_cast<std::uint8_t>((out[6] & 0x0f) | 0x50);
  out[8] = static_cast<std::uint8_t>((out[8] & 0x3f) | 0x80);
  return Uuid(out);
}

Result<Uuid> Uuid::Parse(std::string_view text) {
  const auto refuse = [] {
    return Fail(Code::kInvalidArgument, "UUID_INVALID",
                "Must be a UUID such as 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b.");
  };
  if (text.size() != 36) return refuse();
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return refuse();
    if (!dash) digits.push_back(text[i]);
  }
  const auto bytes = FromHex(digits);
  if (!bytes || bytes->size() != 16) return refuse();
  Uuid out;
  std::memcpy(out.bytes_.data(), bytes->data(), 16);
  return out;
}

std::string Uuid::str() const {
  std::string hex = ToHex({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
  for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, "-");
  return hex;
}

}  // namespace karez
