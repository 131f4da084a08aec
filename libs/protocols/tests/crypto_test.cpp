// Ciphers and digests against their standards' own vectors.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/base64.h"
#include "libs/protocols/crypto/aes128.h"
#include "libs/protocols/crypto/digest.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/tests/hex.h"

namespace karez::protocols {
namespace {

using crypto::Aes128;
using crypto::Block;

Block BlockOf(std::string_view text) {
  const std::vector<std::byte> bytes = FromHex(text);
  EXPECT_EQ(bytes.size(), crypto::kBlockSize);
  Block block{};
  std::copy(bytes.begin(), bytes.end(), block.begin());
  return block;
}

std::string HexOf(Bytes bytes) {
  std::string text;
  for (const char c : Lower(Hex(bytes))) {
    if (c != ' ') text += c;
  }
  return text;
}

Bytes TextBytes(std::string_view text) { return std::as_bytes(std::span(text)); }

constexpr std::string_view kKey = "2b7e151628aed2a6abf7158809cf4f3c";
constexpr std::string_view kPlain =
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

TEST(Aes128Test, BlocksFollowSp80038a) {
  Aes128 aes(BlockOf(kKey));
  const Block plain = BlockOf("6bc1bee22e409f96e93d7e117393172a");
  const Block cipher = aes.Encrypt(plain);
  EXPECT_EQ(HexOf(cipher), "3ad77bb40d7a3660a89ecaf32466ef97");
  EXPECT_EQ(aes.Decrypt(cipher), plain);
}

TEST(Aes128Test, CounterModeFollowsSp80038a) {
  Aes128 aes(BlockOf(kKey));
  std::vector<std::byte> bytes = FromHex(kPlain);
  const std::vector<std::byte> plain = bytes;
  const Block counter = BlockOf("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  aes.Ctr(counter, bytes, bytes);
  EXPECT_EQ(HexOf(bytes),
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
            "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
  aes.Ctr(counter, bytes, bytes);
  EXPECT_EQ(bytes, plain);
}

TEST(Aes128Test, ALongMessageInCounterModeIsTheSameAsItsParts) {
  Aes128 aes(BlockOf(kKey));
  const std::vector<std::byte> plain(1000, std::byte{0x5A});
  std::vector<std::byte> whole(plain.size());
  aes.Ctr(Block{}, plain, whole);
  std::vector<std::byte> tail(plain.size() - 512);
  Block counter{};
  counter[15] = std::byte{32};
  aes.Ctr(counter, Bytes(plain).subspan(512), tail);
  EXPECT_EQ(HexOf(Bytes(whole).subspan(512)), HexOf(tail));
}

TEST(Aes128Test, ChainedBlocksFollowSp80038a) {
  Aes128 aes(BlockOf(kKey));
  std::vector<std::byte> bytes = FromHex(kPlain);
  const std::vector<std::byte> plain = bytes;
  const Block iv = BlockOf("000102030405060708090a0b0c0d0e0f");
  aes.EncryptCbc(iv, bytes, bytes);
  EXPECT_EQ(HexOf(bytes),
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
            "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7");
  aes.DecryptCbc(iv, bytes, bytes);
  EXPECT_EQ(bytes, plain);
}

TEST(Aes128Test, CmacFollowsRfc4493) {
  Aes128 aes(BlockOf(kKey));
  const std::vector<std::byte> plain = FromHex(kPlain);
  const Bytes all(plain);
  EXPECT_EQ(HexOf(aes.Cmac({})), "bb1d6929e95937287fa37d129b756746");
  EXPECT_EQ(HexOf(aes.Cmac(all.first(16))), "070a16b46b4d4144f79bdd9dd04a287c");
  EXPECT_EQ(HexOf(aes.Cmac(all.first(40))), "dfa66747de9ae63030ca32611497c827");
  EXPECT_EQ(HexOf(aes.Cmac(all)), "51f0bebf7e3b9d92fc49741779363cfe");
}

TEST(Aes128Test, CmacOfAHeadAndAMessageIsThatOfBothTogether) {
  Aes128 aes(BlockOf(kKey));
  const std::vector<std::byte> plain = FromHex(kPlain);
  const Bytes all(plain);
  for (size_t size = 16; size <= all.size(); ++size) {
    EXPECT_EQ(aes.Cmac(all.first(16), all.subspan(16, size - 16)), aes.Cmac(all.first(size)))
        << size;
  }
}

TEST(DigestTest, FollowTheirStandards) {
  EXPECT_EQ(HexOf(crypto::Md5(TextBytes("message digest"))), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(HexOf(crypto::Sha1(TextBytes("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(HexOf(crypto::Sha256(TextBytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 2202 and RFC 4231, test case 2.
  const Bytes key = TextBytes("Jefe");
  const Bytes message = TextBytes("what do ya want for nothing?");
  EXPECT_EQ(HexOf(crypto::HmacMd5(key, message)), "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(HexOf(crypto::HmacSha1(key, message)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(HexOf(crypto::HmacSha256(key, message)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HexOf(crypto::HmacSha1({}, {})), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

TEST(DigestTest, SecretsAreTheSameOnlyWhole) {
  EXPECT_TRUE(crypto::SameSecret(TextBytes("abc"), TextBytes("abc")));
  EXPECT_FALSE(crypto::SameSecret(TextBytes("abc"), TextBytes("abd")));
  EXPECT_FALSE(crypto::SameSecret(TextBytes("abc"), TextBytes("ab")));
}

std::string Decoded(std::string_view text, Fault fault = Fault::kNone) {
  std::array<std::byte, 64> out;
  const Base64Result result = DecodeBase64(text, out);
  EXPECT_EQ(result.error.fault, fault) << text;
  return HexOf(Bytes(out).first(result.size));
}

TEST(Base64Test, TakesBothAlphabetsWithAndWithoutPadding) {
  EXPECT_EQ(Decoded(""), "");
  EXPECT_EQ(Decoded("Zg=="), "66");
  EXPECT_EQ(Decoded("Zg"), "66");
  EXPECT_EQ(Decoded("Zm8="), "666f");
  EXPECT_EQ(Decoded("Zm8"), "666f");
  EXPECT_EQ(Decoded("Zm9v"), "666f6f");
  EXPECT_EQ(Decoded("+/-_"), "fbffbf");
  // The gateways' own protocol text: mixed alphabets, and bits set behind the last byte.
  EXPECT_EQ(Decoded("-DS4CGaDCdG+48eJNM3Vai-zDpsR71Pn9CPA9uCON84"),
            "f834b808668309d1bee3c78934cdd56a2fb30e9b11ef53e7f423c0f6e08e37ce");
  EXPECT_EQ(Decoded("Zh"), "66");
}

TEST(Base64Test, RefusesWhatIsNoBase64) {
  Decoded("Z", Fault::kLength);
  Decoded("Zg=", Fault::kLength);
  Decoded("Zm9v=", Fault::kLength);
  Decoded("Zm9vZg===", Fault::kLength);
  Decoded("=", Fault::kLength);
  Decoded("Zm=v", Fault::kValue);
  Decoded("Zm 9", Fault::kValue);
  Decoded("Zm9v\nZg==", Fault::kLength);
  std::array<std::byte, 2> small;
  const Base64Result result = DecodeBase64("Zm9v", small);
  EXPECT_EQ(result.error.fault, Fault::kBuffer);
  EXPECT_EQ(result.error.expected, 3u);
}

TEST(Base64Test, WritesWhatItReads) {
  for (size_t size = 0; size < 48; ++size) {
    std::vector<std::byte> bytes(size);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 37 + 251);
    for (const auto alphabet : {Base64Alphabet::kStandard, Base64Alphabet::kUrl}) {
      for (const auto padding : {Base64Padding::kPadded, Base64Padding::kUnpadded}) {
        std::array<char, 64> text;
        const Base64Result written = EncodeBase64(bytes, text, alphabet, padding);
        ASSERT_TRUE(written.error.ok());
        EXPECT_EQ(Decoded({text.data(), written.size}), HexOf(bytes));
      }
    }
  }
}

}  // namespace
}  // namespace karez::protocols
