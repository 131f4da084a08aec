#include "libs/auth/secrets.h"

#include <set>

#include <gtest/gtest.h>

#include "libs/base/bytes.h"

namespace karez::auth {
namespace {

constexpr TenantId kShule = 2;
constexpr TenantId kGaochang = 3;

std::shared_ptr<const Sealer> NewSealer(char fill = '7') {
  return Sealer::FromHexKey(std::string(64, fill)).value();
}

TEST(PasswordTest, OnlyTheRightOneIsAccepted) {
  const std::string hash = HashPassword("水到渠成-2026");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(CheckPassword("水到渠成-2026", hash));
  EXPECT_FALSE(CheckPassword("水到渠成-2027", hash));
  EXPECT_FALSE(CheckPassword("", hash));
  EXPECT_NE(hash, HashPassword("水到渠成-2026"));
}

TEST(PasswordTest, ATextThatIsNoHashNeverMatches) {
  EXPECT_FALSE(CheckPassword("password", ""));
  EXPECT_FALSE(CheckPassword("password", "password"));
  EXPECT_FALSE(CheckPassword("password", "$argon2id$garbage"));
}

TEST(TokenSecretTest, IsLongAndNeverTheSame) {
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = NewToken();
    EXPECT_EQ(FromBase64Url(token).value().size(), 32U);
    all.insert(token);
  }
  EXPECT_EQ(all.size(), 1000U);
}

TEST(Sha256Test, MatchesThePublishedVector) {
  EXPECT_EQ(ToHex(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SealerTest, OpensWhatItSealed) {
  const auto sealer = NewSealer();
  for (const std::string& clear : {std::string(), std::string("13800000000"),
                                   std::string(5000, 'x'), std::string("\0\xff", 2)}) {
    const std::string sealed = sealer->Seal(kShule, "phone", clear);
    if (!clear.empty()) {
      EXPECT_EQ(sealed.find(clear), std::string::npos);
    }
    EXPECT_EQ(sealer->Open(kShule, "phone", sealed).value(), clear);
  }
  EXPECT_NE(sealer->Seal(kShule, "phone", "1"), sealer->Seal(kShule, "phone", "1"));
}

TEST(SealerTest, AnotherTenantPurposeOrKeyCannotOpen) {
  const auto sealer = NewSealer();
  const std::string sealed = sealer->Seal(kShule, "phone", "13800000000");
  for (const auto& result :
       {sealer->Open(kGaochang, "phone", sealed), sealer->Open(kShule, "identity_number", sealed),
        NewSealer('8')->Open(kShule, "phone", sealed)}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kDataLoss);
    EXPECT_EQ(result.error().reason, "SEAL_BROKEN");
  }
}

TEST(SealerTest, AFlippedBitAnywhereIsNoticed) {
  const auto sealer = NewSealer();
  const std::string sealed = sealer->Seal(kShule, "phone", "13800000000");
  const std::string bytes = FromBase64Url(sealed.substr(3)).value();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(sealer->Open(kShule, "phone", "s1." + ToBase64Url(changed))) << bit;
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(sealer->Open(kShule, "phone", sealed.substr(0, length))) << length;
  }
}

TEST(SealerTest, SearchHashesMeetOnlyWithinTenantAndPurpose) {
  const auto sealer = NewSealer();
  const std::string hash = sealer->SearchHash(kShule, "phone", "13800000000");
  EXPECT_EQ(hash.size(), 32U);
  EXPECT_EQ(hash, sealer->SearchHash(kShule, "phone", "13800000000"));
  EXPECT_NE(hash, sealer->SearchHash(kShule, "phone", "13800000001"));
  EXPECT_NE(hash, sealer->SearchHash(kShule, "bank_account", "13800000000"));
  EXPECT_NE(hash, sealer->SearchHash(kGaochang, "phone", "13800000000"));
  EXPECT_NE(hash, NewSealer('8')->SearchHash(kShule, "phone", "13800000000"));
}

TEST(SealerTest, RefusesAKeyOfAnotherLength) {
  for (const std::string& hex :
       {std::string(), std::string(62, '7'), std::string(66, '7'), std::string(64, 'z')}) {
    EXPECT_EQ(Sealer::FromHexKey(hex).error().reason, "SEALING_KEY_INVALID");
  }
}

}  // namespace
}  // namespace karez::auth
