#include "libs/auth/keys.h"
#include "libs/auth/token.h"
#include "libs/auth/token_json.h"
#include "libs/base/bytes.h"

namespace karez::auth {
namespace {

class KeySigner final : public Signer {
 public:
  KeySigner(std::string issuer, KeyPtr key)
      : issuer_(std::move(issuer)),
        key_(std::move(key)),
        header_(ToBase64Url(HeaderJson(issuer_))) {}

  const std::string& issuer() const override { return issuer_; }

  std::string Sign(Claims claims) const override {
    claims.issuer = issuer_;
    std::string token = header_ + "." + ToBase64Url(ClaimsJson(claims));
    token += "." + ToBase64Url(SignBytes(key_, token));
    return token;
  }

 private:
  std::string issuer_;
  KeyPtr key_;
  std::string header_;
};

}  // namespace

Result<std::shared_ptr<const Signer>> Signer::FromPem(std::string issuer, const std::string& pem) {
  if (!IsIssuerName(issuer)) {
    return Fail(Code::kInvalidArgument, "ISSUER_INVALID",
                "An issuer's name has a-z, 0-9 and '-' only, 64 characters at most.");
  }
  ASSIGN_OR_RETURN(KeyPtr key, PrivateKeyFromPem(pem));
  return std::make_shared<KeySigner>(std::move(issuer), std::move(key));
}

}  // namespace karez::auth
