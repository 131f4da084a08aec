#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

#include "libs/auth/keys.h"
#include "libs/auth/token.h"
#include "libs/auth/token_json.h"
#include "libs/base/bytes.h"
#include "libs/config/config.h"

namespace karez::auth {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestToken = 16 * 1024;

struct Parts {
  std::string header;
  std::string claims;
  std::string signature;
  std::string_view signed_part;  // of the token
};

Result<Parts> Split(std::string_view token) {
  if (token.size() > kLargestToken) return RefuseMalformed();
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return RefuseMalformed();
  const auto header = FromBase64Url(token.substr(0, first));
  const auto claims = FromBase64Url(token.substr(first + 1, second - first - 1));
  const auto signature = FromBase64Url(token.substr(second + 1));  // refuses a third dot
  if (!header || !claims || !signature) return RefuseMalformed();
  return Parts{*header, *claims, *signature, token.substr(0, second)};
}

// Keys by issuer, read again when the file has changed, so that a key can be replaced or taken away
// while the process runs.
class KeyDirectory {
 public:
  explicit KeyDirectory(std::string directory) : directory_(std::move(directory)) {}

  KeyPtr Find(const std::string& issuer) {
    const fs::path path = fs::path(directory_) / (issuer + ".pem");
    std::error_code failed;
    const auto changed = fs::last_write_time(path, failed);
    const std::lock_guard lock(mutex_);
    if (failed) {
      keys_.erase(issuer);
      return nullptr;
    }
    const auto known = keys_.find(issuer);
    if (known != keys_.end() && known->second.changed == changed) return known->second.key;
    const auto key = config::ReadFile(path.string()).and_then(PublicKeyFromPem);
    if (!key) return nullptr;
    keys_[issuer] = {*key, changed};
    return *key;
  }

 private:
  struct Entry {
    KeyPtr key;
    fs::file_time_type changed;
  };
  std::string directory_;
  std::mutex mutex_;
  std::map<std::string, Entry> keys_;
};

class DirectoryVerifier final : public Verifier {
 public:
  DirectoryVerifier(std::string directory, Duration skew)
      : keys_(std::move(directory)), skew_(skew) {}

  Result<Claims> Verify(std::string_view token, std::string_view audience,
                        const std::set<std::string>& issuers, Instant now) const override {
    ASSIGN_OR_RETURN(const Parts parts, Split(token));
    ASSIGN_OR_RETURN(const std::string issuer, ParseHeader(parts.header));
    const bool may_sign = IsIssuerName(issuer) && (issuers.empty() || issuers.contains(issuer));
    const KeyPtr key = may_sign ? keys_.Find(issuer) : nullptr;
    if (key == nullptr) {
      return Fail(Code::kUnauthenticated, "TOKEN_ISSUER_UNKNOWN",
                  "The token was signed by someone who is not trusted here. Sign in again.");
    }
    if (!SignatureHolds(key, parts.signed_part, parts.signature)) {
      return Fail(Code::kUnauthenticated, "TOKEN_SIGNATURE_INVALID",
                  "The token's signature does not hold. Sign in again.");
    }
    ASSIGN_OR_RETURN(Claims claims, ParseClaims(parts.claims));
    if (claims.issuer != issuer) return RefuseMalformed();
    if (claims.audience != audience) {
      return Fail(Code::kUnauthenticated, "TOKEN_AUDIENCE_WRONG",
                  "The token was made for another receiver. Sign in again.");
    }
    if (claims.issued_at > now + skew_ || claims.expires_at <= now - skew_) {
      return Fail(Code::kUnauthenticated, "TOKEN_EXPIRED",
                  "The token is not valid at this time. Refresh it or sign in again.");
    }
    return claims;
  }

 private:
  mutable KeyDirectory keys_;
  Duration skew_;
};

}  // namespace

std::shared_ptr<const Verifier> Verifier::FromDirectory(std::string directory, Duration skew) {
  return std::make_shared<DirectoryVerifier>(std::move(directory), skew);
}

Result<std::vector<PublicKey>> PublicKeysIn(const std::string& directory) {
  std::vector<PublicKey> out;
  std::error_code failed;
  for (const auto& file : fs::directory_iterator(directory, failed)) {
    const std::string issuer = file.path().stem().string();
    if (file.path().extension() != ".pem" || !IsIssuerName(issuer)) continue;
    const auto key = config::ReadFile(file.path().string()).and_then(PublicKeyFromPem);
    if (key) out.push_back({issuer, ToBase64Url(RawPublicKey(*key))});
  }
  if (failed) {
    return Fail(Code::kUnavailable, "KEYS_UNREADABLE",
                "The directory of public keys cannot be read: " + directory);
  }
  std::sort(out.begin(), out.end(),
            [](const PublicKey& a, const PublicKey& b) { return a.id < b.id; });
  return out;
}

Principal ToPrincipal(const Claims& claims) {
  Principal principal;
  principal.kind = claims.kind == "staff"      ? Principal::Kind::kStaff
                   : claims.kind == "resident" ? Principal::Kind::kResident
                                               : Principal::Kind::kService;
  principal.subject = claims.subject;
  principal.name = claims.name;
  principal.session = claims.session;
  principal.permissions = claims.permissions;
  principal.scope = {claims.all_branches, claims.branches};
  // The edge passes calls on for their callers; anyone else is a service in between.
  if (claims.issuer != "gateway" && claims.issuer != "identity") principal.via = claims.issuer;
  return principal;
}

}  // namespace karez::auth
