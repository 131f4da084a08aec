#include "libs/auth/token.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/hmac.h>

#include "libs/auth/keys.h"
#include "libs/auth/tests/test_keys.h"
#include "libs/base/bytes.h"

namespace karez::auth {
namespace {

using nlohmann::json;

const Instant kNow = ParseInstant("2026-05-01T00:00:00Z").value();

Claims Sample() {
  Claims claims;
  claims.audience = "billing";
  claims.subject = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
  claims.tenant = 2;
  claims.session = "session";
  claims.name = "演示员工";
  claims.kind = "staff";
  claims.permissions = {"billing.bill.issue", "billing.bill.read"};
  claims.all_branches = false;
  claims.branches = {BranchId::New(), BranchId::New()};
  claims.id = "token";
  claims.issued_at = kNow;
  claims.expires_at = kNow + std::chrono::seconds(60);
  return claims;
}

const json kHeader = {{"alg", "EdDSA"}, {"kid", "gateway"}, {"typ", "JWT"}};

class TokenTest : public testing::Test {
 protected:
  TokenTest() { folder_.Put("gateway", keys_.public_pem); }

  // A token signed with the true key, whatever it says.
  std::string Forge(const std::string& header, const std::string& claims) const {
    const std::string text = ToBase64Url(header) + "." + ToBase64Url(claims);
    return text + "." + ToBase64Url(SignBytes(PrivateKeyFromPem(keys_.private_pem).value(), text));
  }

  json SampleJson() const {
    const std::string token = signer_->Sign(Sample());
    const auto dot = token.find('.');
    return json::parse(FromBase64Url(token.substr(dot + 1, token.rfind('.') - dot - 1)).value());
  }

  // The reason of the refusal, empty when the token holds.
  std::string Reason(const std::string& token, const std::string& audience = "billing",
                     const std::set<std::string>& issuers = {}, Instant now = kNow) const {
    const auto claims = verifier_->Verify(token, audience, issuers, now);
    if (claims) return "";
    EXPECT_EQ(claims.error().code, Code::kUnauthenticated);
    return claims.error().reason;
  }

  KeyPair keys_ = NewKeyPair();
  KeyFolder folder_;
  std::shared_ptr<const Signer> signer_ = Signer::FromPem("gateway", keys_.private_pem).value();
  std::shared_ptr<const Verifier> verifier_ = Verifier::FromDirectory(folder_.path());
};

TEST_F(TokenTest, CarriesItsClaims) {
  const Claims sent = Sample();
  const auto got = verifier_->Verify(signer_->Sign(sent), "billing", {"gateway"}, kNow);
  ASSERT_TRUE(got) << got.error();
  EXPECT_EQ(got->issuer, "gateway");
  EXPECT_EQ(got->audience, sent.audience);
  EXPECT_EQ(got->subject, sent.subject);
  EXPECT_EQ(got->tenant, sent.tenant);
  EXPECT_EQ(got->session, sent.session);
  EXPECT_EQ(got->name, sent.name);
  EXPECT_EQ(got->kind, sent.kind);
  EXPECT_EQ(got->permissions, sent.permissions);
  EXPECT_FALSE(got->all_branches);
  EXPECT_EQ(got->branches, sent.branches);
  EXPECT_EQ(got->id, sent.id);
  EXPECT_EQ(got->issued_at, sent.issued_at);
  EXPECT_EQ(got->expires_at, sent.expires_at);
}

TEST_F(TokenTest, AChangedByteAnywhereIsRefused) {
  const std::string token = signer_->Sign(Sample());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(Reason(changed), "") << i;
  }
  for (std::size_t length = 0; length < token.size(); ++length) {
    EXPECT_NE(Reason(token.substr(0, length)), "") << length;
  }
}

TEST_F(TokenTest, AlgorithmNoneIsRefused) {
  json header = kHeader;
  header["alg"] = "none";
  const std::string claims = SampleJson().dump();
  EXPECT_EQ(Reason(Forge(header.dump(), claims)), "TOKEN_MALFORMED");
  EXPECT_EQ(Reason(ToBase64Url(header.dump()) + "." + ToBase64Url(claims) + "."),
            "TOKEN_MALFORMED");
  EXPECT_EQ(Reason(ToBase64Url(kHeader.dump()) + "." + ToBase64Url(claims) + "."),
            "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenTest, AnHmacWithThePublicKeyIsRefused) {
  for (const char* alg : {"HS256", "EdDSA"}) {
    json header = kHeader;
    header["alg"] = alg;
    const std::string text = ToBase64Url(header.dump()) + "." + ToBase64Url(SampleJson().dump());
    unsigned char mac[32];
    unsigned int size = 0;
    HMAC(EVP_sha256(), keys_.public_pem.data(), static_cast<int>(keys_.public_pem.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
    const std::string token = text + "." + ToBase64Url({reinterpret_cast<char*>(mac), size});
    EXPECT_NE(Reason(token), "") << alg;
  }
}

TEST_F(TokenTest, AHeaderThatBringsMoreThanTheAlgorithmIsRefused) {
  for (const char* name : {"jwk", "jku", "x5c", "crit", "b64", "cty"}) {
    json header = kHeader;
    header[name] = "anything";
    EXPECT_EQ(Reason(Forge(header.dump(), SampleJson().dump())), "TOKEN_MALFORMED") << name;
  }
  for (const char* name : {"alg", "kid", "typ"}) {
    json header = kHeader;
    header.erase(name);
    EXPECT_EQ(Reason(Forge(header.dump(), SampleJson().dump())), "TOKEN_MALFORMED") << name;
  }
}

TEST_F(TokenTest, OtherReceiversAndOtherTimesAreRefused) {
  const std::string token = signer_->Sign(Sample());
  EXPECT_EQ(Reason(token, "accounts"), "TOKEN_AUDIENCE_WRONG");
  EXPECT_EQ(Reason(token, "billing", {}, kNow + std::chrono::seconds(64)), "");
  EXPECT_EQ(Reason(token, "billing", {}, kNow + std::chrono::seconds(65)), "TOKEN_EXPIRED");
  EXPECT_EQ(Reason(token, "billing", {}, kNow - std::chrono::seconds(5)), "");
  EXPECT_EQ(Reason(token, "billing", {}, kNow - std::chrono::seconds(6)), "TOKEN_EXPIRED");
}

TEST_F(TokenTest, UnknownIssuersAreRefused) {
  const auto stranger = Signer::FromPem("stranger", NewKeyPair().private_pem).value();
  EXPECT_EQ(Reason(stranger->Sign(Sample())), "TOKEN_ISSUER_UNKNOWN");
  EXPECT_EQ(Reason(signer_->Sign(Sample()), "billing", {"identity"}), "TOKEN_ISSUER_UNKNOWN");
  const auto impostor = Signer::FromPem("gateway", NewKeyPair().private_pem).value();
  EXPECT_EQ(Reason(impostor->Sign(Sample())), "TOKEN_SIGNATURE_INVALID");
  for (const char* kid : {"../gateway", "/etc/gateway", "", "gateway\\u0000", "GATEWAY"}) {
    json header = kHeader;
    header["kid"] = kid;
    EXPECT_EQ(Reason(Forge(header.dump(), SampleJson().dump())), "TOKEN_ISSUER_UNKNOWN") << kid;
  }
}

TEST_F(TokenTest, IssuerInsideMustBeTheKeysOwner) {
  json claims = SampleJson();
  claims["iss"] = "identity";
  EXPECT_EQ(Reason(Forge(kHeader.dump(), claims.dump())), "TOKEN_MALFORMED");
}

TEST_F(TokenTest, DuplicatedClaimsAreRefused) {
  std::string claims = SampleJson().dump();
  ASSERT_EQ(Reason(Forge(kHeader.dump(), claims)), "");
  claims.insert(1, "\"tid\":3,");
  EXPECT_EQ(Reason(Forge(kHeader.dump(), claims)), "TOKEN_MALFORMED");
  const std::string header = R"({"alg":"none","alg":"EdDSA","kid":"gateway","typ":"JWT"})";
  EXPECT_EQ(Reason(Forge(header, SampleJson().dump())), "TOKEN_MALFORMED");
}

TEST_F(TokenTest, MissingUnknownAndMistypedClaimsAreRefused) {
  const json good = SampleJson();
  for (const auto& [name, value] : good.items()) {
    json claims = good;
    claims.erase(name);
    EXPECT_EQ(Reason(Forge(kHeader.dump(), claims.dump())), "TOKEN_MALFORMED") << name;
    for (const json& wrong : {json(nullptr), json(true), json(-1), json(1.5), json::array({1}),
                              json::object(), json(18'446'744'073'709'551'615ULL)}) {
      claims[name] = wrong;
      EXPECT_EQ(Reason(Forge(kHeader.dump(), claims.dump())), "TOKEN_MALFORMED")
          << name << wrong.dump();
    }
  }
  json claims = SampleJson();
  claims["admin"] = true;
  EXPECT_EQ(Reason(Forge(kHeader.dump(), claims.dump())), "TOKEN_MALFORMED");
}

TEST_F(TokenTest, NestedGarbageIsRefusedQuickly) {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  for (const std::string& garbage :
       {deep, "{\"a\":" + deep + "}", std::string("null"), std::string("{"), std::string(""),
        std::string("{} {}"), std::string("\xff\xfe"), std::string(20'000, ' ')}) {
    EXPECT_EQ(Reason(Forge(kHeader.dump(), garbage)), "TOKEN_MALFORMED");
    EXPECT_EQ(Reason(Forge(garbage, SampleJson().dump())), "TOKEN_MALFORMED");
  }
  EXPECT_EQ(Reason(signer_->Sign(Sample()) + ".more"), "TOKEN_MALFORMED");
  EXPECT_EQ(Reason(std::string(100'000, '.')), "TOKEN_MALFORMED");
}

TEST_F(TokenTest, AKeyThatAppearsLaterIsFoundAndOneTakenAwayIsNot) {
  const KeyPair later = NewKeyPair();
  const std::string token = Signer::FromPem("identity", later.private_pem).value()->Sign(Sample());
  EXPECT_EQ(Reason(token), "TOKEN_ISSUER_UNKNOWN");
  folder_.Put("identity", later.public_pem);
  EXPECT_EQ(Reason(token), "");
  folder_.Remove("identity");
  EXPECT_EQ(Reason(token), "TOKEN_ISSUER_UNKNOWN");
}

TEST_F(TokenTest, OnlyEd25519KeysSign) {
  EXPECT_EQ(Signer::FromPem("gateway", NewEcKeyPair().private_pem).error().reason, "KEY_INVALID");
  EXPECT_EQ(Signer::FromPem("gateway", keys_.public_pem).error().reason, "KEY_INVALID");
  EXPECT_EQ(Signer::FromPem("gateway", "").error().reason, "KEY_INVALID");
  EXPECT_EQ(Signer::FromPem("Gate/way", keys_.private_pem).error().reason, "ISSUER_INVALID");
  folder_.Put("gateway", NewEcKeyPair().public_pem);
  EXPECT_EQ(Reason(signer_->Sign(Sample())), "TOKEN_ISSUER_UNKNOWN");
}

TEST_F(TokenTest, PublicKeysAreListedInOrder) {
  folder_.Put("billing", NewKeyPair().public_pem);
  folder_.Put("broken", "no key");
  const auto keys = PublicKeysIn(folder_.path()).value();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].id, "billing");
  EXPECT_EQ(keys[1].id, "gateway");
  EXPECT_EQ(FromBase64Url(keys[1].x).value(),
            RawPublicKey(PublicKeyFromPem(keys_.public_pem).value()));
  EXPECT_EQ(PublicKeysIn("/nonexistent").error().code, Code::kUnavailable);
}

TEST_F(TokenTest, BecomesAPrincipal) {
  Claims claims = Sample();
  claims.issuer = "billing";
  const Principal principal = ToPrincipal(claims);
  EXPECT_EQ(principal.kind, Principal::Kind::kStaff);
  EXPECT_EQ(principal.via, "billing");
  EXPECT_TRUE(principal.Can("billing.bill.read"));
  EXPECT_FALSE(principal.Can("billing.bill"));
  EXPECT_TRUE(principal.scope.Contains(claims.branches[0]));
  EXPECT_FALSE(principal.scope.Contains(BranchId::New()));
  claims.issuer = "gateway";
  EXPECT_EQ(ToPrincipal(claims).via, "");
}

}  // namespace
}  // namespace karez::auth
