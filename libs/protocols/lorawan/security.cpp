#include "libs/protocols/lorawan/security.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::lorawan {
namespace {

using crypto::Block;

constexpr uint64_t kMicBlock = 0x49;
constexpr uint64_t kCipherBlock = 0x01;

// B0 and A_i: kind, 4 × 0, direction, DevAddr, FCnt, 0, `last`.
Block MakeBlock(uint64_t kind, Way way, uint32_t dev_addr, uint32_t counter, size_t last) {
  Block block{};
  block[0] = static_cast<std::byte>(kind);
  block[5] = static_cast<std::byte>(way);
  StoreLowFirst(dev_addr, block.data() + 6, 4);
  StoreLowFirst(counter, block.data() + 10, 4);
  block[15] = static_cast<std::byte>(last);
  return block;
}

uint32_t MicOf(const Block& mac) { return LoadMic(Bytes(mac).first(kMicSize)); }

Error WrongMic(size_t size, uint32_t computed, uint32_t sent) {
  return {Fault::kChecksum, static_cast<uint16_t>(size - kMicSize), computed, sent};
}

}  // namespace

uint32_t DataMic(Aes128& nwk_s_key, Way way, uint32_t dev_addr, uint32_t counter, Bytes message) {
  const Block b0 = MakeBlock(kMicBlock, way, dev_addr, counter, message.size());
  return MicOf(nwk_s_key.Cmac(b0, message));
}

uint32_t JoinMic(Aes128& app_key, Bytes message) { return MicOf(app_key.Cmac(message)); }

void CryptPayload(Aes128& key, Way way, uint32_t dev_addr, uint32_t counter, Bytes in,
                  std::span<std::byte> out) {
  // A_i counts from 1 in its last byte, and a frame has at most 16 blocks: plain counter mode.
  key.Ctr(MakeBlock(kCipherBlock, way, dev_addr, counter, 1), in, out);
}

std::optional<uint32_t> FullCounter(std::optional<uint32_t> last, uint16_t on_air) {
  if (!last) return on_air;
  const uint32_t same_epoch = (*last & 0xFFFF0000u) | on_air;
  if (same_epoch > *last) return same_epoch;
  if (same_epoch > UINT32_MAX - 0x10000u) return std::nullopt;
  return same_epoch + 0x10000u;
}

SessionKeys DeriveSessionKeys(Aes128& app_key, uint32_t app_nonce, uint32_t net_id,
                              uint16_t dev_nonce) {
  Block block{};
  StoreLowFirst(app_nonce, block.data() + 1, 3);
  StoreLowFirst(net_id, block.data() + 4, 3);
  StoreLowFirst(dev_nonce, block.data() + 7, 2);
  SessionKeys keys;
  block[0] = std::byte{1};
  keys.nwk_s_key = app_key.Encrypt(block);
  block[0] = std::byte{2};
  keys.app_s_key = app_key.Encrypt(block);
  return keys;
}

Error OpenJoinRequest(Aes128& app_key, Bytes phy, JoinRequest& out) {
  if (const Error error = ParseJoinRequest(phy, out); !error.ok()) return error;
  const uint32_t computed = JoinMic(app_key, phy.first(phy.size() - kMicSize));
  return computed == out.mic ? Error{} : WrongMic(phy.size(), computed, out.mic);
}

Written SealJoinRequest(Aes128& app_key, const JoinRequest& request, std::span<std::byte> out) {
  const Written written = WriteJoinRequest(request, out);
  if (!written.error.ok()) return written;
  const std::span<std::byte> phy = out.first(written.size);
  StoreMic(JoinMic(app_key, phy.first(phy.size() - kMicSize)), phy);
  return written;
}

Error OpenJoinAccept(Aes128& app_key, Bytes phy, std::span<std::byte> plain, JoinAccept& out) {
  // The sizes are the same in the clear: what is wrong with them shows before decryption.
  if (const Error error = ParseJoinAccept(phy, out); !error.ok()) return error;
  if (plain.size() < phy.size()) {
    return {Fault::kBuffer, 0, static_cast<uint32_t>(phy.size()), 0};
  }
  plain[0] = phy[0];
  app_key.EncryptBlocks(phy.subspan(1), plain.subspan(1));
  const Bytes clear = plain.first(phy.size());
  if (const Error error = ParseJoinAccept(clear, out); !error.ok()) return error;
  const uint32_t computed = JoinMic(app_key, clear.first(clear.size() - kMicSize));
  return computed == out.mic ? Error{} : WrongMic(phy.size(), computed, out.mic);
}

Written SealJoinAccept(Aes128& app_key, const JoinAccept& accept, std::span<std::byte> out) {
  const Written written = WriteJoinAccept(accept, out);
  if (!written.error.ok()) return written;
  const std::span<std::byte> phy = out.first(written.size);
  StoreMic(JoinMic(app_key, phy.first(phy.size() - kMicSize)), phy);
  app_key.DecryptBlocks(phy.subspan(1), phy.subspan(1));
  return written;
}

Session::Session(uint32_t dev_addr, const SessionKeys& keys)
    : dev_addr_(dev_addr), nwk_s_key_(keys.nwk_s_key), app_s_key_(keys.app_s_key) {}

Error Session::Open(Bytes phy, std::optional<uint32_t> last, std::span<std::byte> plain,
                    Opened& out) {
  Data& frame = out.frame;
  if (const Error error = ParseData(phy, frame); !error.ok()) return error;
  if (frame.dev_addr != dev_addr_) return {Fault::kIdentifier, 1, dev_addr_, frame.dev_addr};
  if (plain.size() < frame.payload.size()) {
    return {Fault::kBuffer, 0, static_cast<uint32_t>(frame.payload.size()), 0};
  }
  const Bytes message = phy.first(phy.size() - kMicSize);
  const auto mic = [&](uint32_t counter) {
    return DataMic(nwk_s_key_, frame.way(), dev_addr_, counter, message);
  };
  const std::optional<uint32_t> counter = FullCounter(last, frame.counter);
  if (!counter || mic(*counter) != frame.mic) {
    if (last) {
      const uint32_t before = (*last & 0xFFFF0000u) | frame.counter;
      if (before <= *last && mic(before) == frame.mic) return {Fault::kReplay, 6, *last, before};
    }
    return WrongMic(phy.size(), counter ? mic(*counter) : 0, frame.mic);
  }
  out.counter = *counter;
  CryptPayload(frame.port == 0 ? nwk_s_key_ : app_s_key_, frame.way(), dev_addr_, *counter,
               frame.payload, plain);
  out.payload = plain.first(frame.payload.size());
  return {};
}

Written Session::Seal(Data frame, uint32_t counter, std::span<std::byte> out) {
  frame.dev_addr = dev_addr_;
  frame.counter = static_cast<uint16_t>(counter & 0xFFFF);
  const Written written = WriteData(frame, out);
  if (!written.error.ok()) return written;
  const std::span<std::byte> phy = out.first(written.size);
  const std::span<std::byte> payload =
      phy.subspan(phy.size() - kMicSize - frame.payload.size(), frame.payload.size());
  CryptPayload(frame.port == 0 ? nwk_s_key_ : app_s_key_, frame.way(), dev_addr_, counter, payload,
               payload);
  StoreMic(DataMic(nwk_s_key_, frame.way(), dev_addr_, counter, phy.first(phy.size() - kMicSize)),
           phy);
  return written;
}

}  // namespace karez::protocols::lorawan
