#include "libs/protocols/crypto/aes128.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <openssl/evp.h>

namespace karez::protocols::crypto {
namespace {

// Counter blocks that are encrypted by one call: a call costs as much as several blocks.
constexpr size_t kCtrChunk = 16;

const unsigned char* Raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}
unsigned char* Raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

EVP_CIPHER_CTX* MakeContext(const Key128& key, bool encrypt) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  if (context == nullptr || EVP_CipherInit_ex(context, EVP_aes_128_ecb(), nullptr, Raw(key.data()),
                                              nullptr, encrypt ? 1 : 0) != 1) {
    EVP_CIPHER_CTX_free(context);
    throw std::bad_alloc();
  }
  EVP_CIPHER_CTX_set_padding(context, 0);
  return context;
}

// Whole blocks without padding cannot fail: sizes are the callers' contract.
void Run(EVP_CIPHER_CTX* context, Bytes in, std::byte* out) {
  int written = 0;
  EVP_CipherUpdate(context, Raw(out), &written, Raw(in.data()), static_cast<int>(in.size()));
}

void Xor(Block& block, const std::byte* other) {
  for (size_t i = 0; i < kBlockSize; ++i) block[i] ^= other[i];
}

Block LoadBlock(const std::byte* bytes) {
  Block block;
  std::memcpy(block.data(), bytes, kBlockSize);
  return block;
}

void CountUp(Block& counter) {
  for (size_t i = kBlockSize; i > kBlockSize - 4; --i) {
    counter[i - 1] = static_cast<std::byte>(std::to_integer<unsigned>(counter[i - 1]) + 1);
    if (counter[i - 1] != std::byte{0}) return;
  }
}

// Doubling in GF(2^128), RFC 4493 section 2.3.
Block Doubled(const Block& in) {
  Block out;
  unsigned carry = 0;
  for (size_t i = kBlockSize; i > 0; --i) {
    const unsigned wide = std::to_integer<unsigned>(in[i - 1]) << 1 | carry;
    out[i - 1] = static_cast<std::byte>(wide & 0xFF);
    carry = wide >> 8;
  }
  if (carry != 0) out[kBlockSize - 1] ^= std::byte{0x87};
  return out;
}

}  // namespace

void Aes128::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

Aes128::Aes128(const Key128& key)
    : encrypt_(MakeContext(key, true)), decrypt_(MakeContext(key, false)) {
  subkey_whole_ = Doubled(Encrypt({}));
  subkey_partial_ = Doubled(subkey_whole_);
}
Aes128::Aes128(Aes128&&) noexcept = default;
Aes128& Aes128::operator=(Aes128&&) noexcept = default;
Aes128::~Aes128() = default;

Block Aes128::Encrypt(const Block& in) {
  Block out;
  Run(encrypt_.get(), in, out.data());
  return out;
}

Block Aes128::Decrypt(const Block& in) {
  Block out;
  Run(decrypt_.get(), in, out.data());
  return out;
}

void Aes128::EncryptBlocks(Bytes in, std::span<std::byte> out) {
  Run(encrypt_.get(), in, out.data());
}

void Aes128::DecryptBlocks(Bytes in, std::span<std::byte> out) {
  Run(decrypt_.get(), in, out.data());
}

void Aes128::Ctr(Block counter, Bytes in, std::span<std::byte> out) {
  std::array<std::byte, kCtrChunk * kBlockSize> stream;
  for (size_t done = 0; done < in.size();) {
    const size_t size = std::min(in.size() - done, stream.size());
    const size_t blocks = (size + kBlockSize - 1) / kBlockSize;
    for (size_t i = 0; i < blocks; ++i) {
      std::memcpy(stream.data() + i * kBlockSize, counter.data(), kBlockSize);
      CountUp(counter);
    }
    Run(encrypt_.get(), Bytes(stream).first(blocks * kBlockSize), stream.data());
    for (size_t i = 0; i < size; ++i) out[done + i] = in[done + i] ^ stream[i];
    done += size;
  }
}

void Aes128::EncryptCbc(const Block& iv, Bytes in, std::span<std::byte> out) {
  Block chain = iv;
  for (size_t at = 0; at + kBlockSize <= in.size(); at += kBlockSize) {
    Xor(chain, in.data() + at);
    chain = Encrypt(chain);
    std::memcpy(out.data() + at, chain.data(), kBlockSize);
  }
}

void Aes128::DecryptCbc(const Block& iv, Bytes in, std::span<std::byte> out) {
  Block chain = iv;
  for (size_t at = 0; at + kBlockSize <= in.size(); at += kBlockSize) {
    const Block sent = LoadBlock(in.data() + at);
    Block plain = Decrypt(sent);
    Xor(plain, chain.data());
    std::memcpy(out.data() + at, plain.data(), kBlockSize);
    chain = sent;
  }
}

Block Aes128::Cmac(Bytes head, Bytes message) {
  Block chain{};
  const auto absorb = [&](const std::byte* block) {
    Xor(chain, block);
    chain = Encrypt(chain);
  };
  if (message.empty()) std::swap(head, message);
  for (size_t at = 0; at < head.size(); at += kBlockSize) absorb(head.data() + at);
  size_t at = 0;
  for (; message.size() - at > kBlockSize; at += kBlockSize) absorb(message.data() + at);
  Block last{};
  const size_t rest = message.size() - at;
  if (rest > 0) std::memcpy(last.data(), message.data() + at, rest);
  if (rest == kBlockSize) {
    Xor(last, subkey_whole_.data());
  } else {
    last[rest] = std::byte{0x80};
    Xor(last, subkey_partial_.data());
  }
  absorb(last.data());
  return chain;
}

}  // namespace karez::protocols::crypto
