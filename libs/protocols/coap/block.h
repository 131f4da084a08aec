// Block-wise transfer (RFC 7959): the value of Block1 and Block2, serving a body block by block,
// and putting one together. No allocation: the caller owns the room for the body. An assembler
// belongs to one transfer and one thread at a time; Restart() it before the next transfer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "libs/protocols/coap/message.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols::coap {

// NUM M SZX of section 2.2.
struct Block {
  uint32_t number = 0;        // 0…2^20-1
  bool more = false;          // Block1 of a request, Block2 of a response: not the last one
  uint8_t size_exponent = 6;  // 0…6: 16…1024 bytes

  uint32_t size() const { return uint32_t{16} << size_exponent; }
  uint64_t offset() const { return uint64_t{number} << (size_exponent + 4); }
  friend bool operator==(const Block&, const Block&) = default;
};

inline constexpr uint32_t kMaxBlockNumber = (1u << 20) - 1;

// Empty: more than three bytes, or the reserved size exponent 7.
std::optional<Block> ReadBlock(Bytes option_value);
// For MessageWriter::AddUint. `block` must be in its limits.
uint32_t BlockOption(const Block& block);

// The part of `body` that `wanted` names; `sent` gets its `more` flag. Empty when the body has no
// such block (4.00 for a Block2 request); block 0 of an empty body is an empty part.
std::optional<Bytes> BlockOf(Bytes body, const Block& wanted, Block& sent);

class BlockAssembler {
 public:
  enum class Step : uint8_t {
    kContinue,    // taken; more are to come (Block1: answer 2.31)
    kComplete,    // taken, body() is whole
    kDuplicate,   // taken already: answer as before
    kIncomplete,  // a block before this one is missing (Block1: answer 4.08)
    kTooLarge,    // the body does not fit (Block1: answer 4.13)
    kBad,         // payload and block size do not fit each other (answer 4.00)
  };

  // `room` is for the whole body and must outlive the assembler.
  explicit BlockAssembler(std::span<std::byte> room) : room_(room) {}

  // Block number 0 starts the body anew, unless it is a repetition of the same bytes. The block
  // size may shrink on the way (section 2.3): blocks go by their offset.
  Step Accept(const Block& block, Bytes payload);

  // Next block to ask for (Block2), in the size of the last one accepted.
  Block Next() const;
  Bytes body() const { return Bytes(room_.data(), size_); }
  bool complete() const { return complete_; }
  void Restart();

 private:
  std::span<std::byte> room_;
  size_t size_ = 0;
  uint8_t size_exponent_ = 6;
  bool complete_ = false;
};

}  // namespace karez::protocols::coap
