#include "libs/auth/token_json.h"

#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

namespace karez::auth {
namespace {

using nlohmann::json;

constexpr int kDeepestNesting = 2;  // an array inside the object
// Seconds that fit Instant's microseconds with room to spare: the year 9999.
constexpr std::int64_t kLatestSecond = 253'402'300'799;

// Parses strictly: one object, each name once, no deeper than a token ever is.
std::optional<json> ParseObject(std::string_view text) {
  bool bad = false;
  std::set<std::string> names;
  const auto look = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > kDeepestNesting) bad = true;
    if (event == json::parse_event_t::object_start && depth > 0) bad = true;
    if (event == json::parse_event_t::key && !names.insert(value.get<std::string>()).second) {
      bad = true;
    }
    return !bad;
  };
  json parsed = json::parse(text.begin(), text.end(), look, /*allow_exceptions=*/false);
  if (bad || !parsed.is_object()) return std::nullopt;
  return parsed;
}

// Takes members out of the object, so that what is left over shows.
class Members {
 public:
  explicit Members(json object) : object_(std::move(object)) {}

  std::string Text(const char* name) {
    const json value = Take(name);
    if (value.is_string()) return value.get<std::string>();
    good_ = false;
    return {};
  }

  std::int64_t Whole(const char* name, std::int64_t low, std::int64_t high) {
    const json value = Take(name);
    if (value.is_number_integer() &&
        (!value.is_number_unsigned() ||
         value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high))) {
      const auto number = value.get<std::int64_t>();
      if (number >= low && number <= high) return number;
    }
    good_ = false;
    return low;
  }

  std::vector<std::string> Texts(const json& value) {
    std::vector<std::string> out;
    if (!value.is_array()) good_ = false;
    for (const json& item : value.is_array() ? value : json::array()) {
      if (item.is_string()) {
        out.push_back(item.get<std::string>());
      } else {
        good_ = false;
      }
    }
    return out;
  }

  json Take(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end()) {
      good_ = false;
      return nullptr;
    }
    json value = std::move(*found);
    object_.erase(found);
    return value;
  }

  void Refuse() { good_ = false; }
  // Everything asked for was there, and nothing else.
  bool Complete() const { return good_ && object_.empty(); }

 private:
  json object_;
  bool good_ = true;
};

Instant FromSeconds(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }

std::int64_t ToSeconds(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

void ReadScope(Members& members, Claims& claims) {
  const json scope = members.Take("scp");
  claims.all_branches = scope == "*";
  if (claims.all_branches) return;
  for (const std::string& text : members.Texts(scope)) {
    const auto branch = BranchId::Parse(text);
    if (branch) {
      claims.branches.push_back(*branch);
    } else {
      members.Refuse();
    }
  }
}

}  // namespace

tl::unexpected<Error> RefuseMalformed() {
  return Fail(Code::kUnauthenticated, "TOKEN_MALFORMED",
              "The token has not the form of one of ours. Sign in again.");
}

std::string HeaderJson(const std::string& issuer) {
  return json{{"alg", "EdDSA"}, {"kid", issuer}, {"typ", "JWT"}}.dump();
}

std::string ClaimsJson(const Claims& claims) {
  json scope = "*";
  if (!claims.all_branches) {
    scope = json::array();
    for (const BranchId& branch : claims.branches) scope.push_back(branch.str());
  }
  return json{{"iss", claims.issuer},
              {"aud", claims.audience},
              {"sub", claims.subject},
              {"tid", claims.tenant},
              {"sid", claims.session},
              {"name", claims.name},
              {"kind", claims.kind},
              {"prm", claims.permissions},
              {"scp", scope},
              {"jti", claims.id},
              {"iat", ToSeconds(claims.issued_at)},
              {"exp", ToSeconds(claims.expires_at)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::string> ParseHeader(std::string_view text) {
  auto object = ParseObject(text);
  if (!object) return RefuseMalformed();
  Members members(std::move(*object));
  const bool ours = members.Text("alg") == "EdDSA" && members.Text("typ") == "JWT";
  std::string issuer = members.Text("kid");
  if (!ours || !members.Complete()) return RefuseMalformed();
  return issuer;
}

Result<Claims> ParseClaims(std::string_view text) {
  auto object = ParseObject(text);
  if (!object) return RefuseMalformed();
  Members members(std::move(*object));
  Claims claims;
  claims.issuer = members.Text("iss");
  claims.audience = members.Text("aud");
  claims.subject = members.Text("sub");
  claims.tenant =
      static_cast<TenantId>(members.Whole("tid", 0, std::numeric_limits<TenantId>::max()));
  claims.session = members.Text("sid");
  claims.name = members.Text("name");
  claims.kind = members.Text("kind");
  for (std::string& permission : members.Texts(members.Take("prm"))) {
    claims.permissions.insert(std::move(permission));
  }
  ReadScope(members, claims);
  claims.id = members.Text("jti");
  claims.issued_at = FromSeconds(members.Whole("iat", 0, kLatestSecond));
  claims.expires_at = FromSeconds(members.Whole("exp", 0, kLatestSecond));
  const bool kind_known =
      claims.kind == "staff" || claims.kind == "service" || claims.kind == "resident";
  if (!members.Complete() || !kind_known || claims.subject.empty()) return RefuseMalformed();
  return claims;
}

}  // namespace karez::auth
