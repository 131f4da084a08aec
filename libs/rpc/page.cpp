#include "libs/rpc/page.h"

#include <functional>

#include "libs/base/bytes.h"

namespace karez::rpc {
namespace {

constexpr int kDefaultSize = 50;
constexpr int kMaxSize = 1000;

// Tokens are no secret: the hash only tells a token apart that was made for another list.
std::string Fingerprint(std::string_view filter) {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;  // FNV-1a
  for (const char c : filter) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  return std::to_string(hash);
}

tl::unexpected<Error> RefuseToken() {
  return FailField("page_token",
                   "Is no token of this list. Use next_page_token of the page before, with the "
                   "same filter, or leave it empty for the first page.");
}

}  // namespace

Result<Page> ReadPage(std::int32_t page_size, const std::string& page_token,
                      std::string_view filter, std::size_t key_parts) {
  Page page;
  if (page_size < 0) return FailField("page_size", "Must be 0 (for 50) to 1000.");
  page.size = page_size == 0 ? kDefaultSize : std::min(page_size, kMaxSize);
  if (page_token.empty()) return page;
  const auto text = FromBase64Url(page_token);
  if (!text) return RefuseToken();
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (auto end = text->find('\x1f'); end != std::string::npos;
       begin = end + 1, end = text->find('\x1f', begin)) {
    parts.push_back(text->substr(begin, end - begin));
  }
  parts.push_back(text->substr(begin));
  if (parts.size() != key_parts + 1 || parts[0] != Fingerprint(filter)) return RefuseToken();
  page.after.assign(parts.begin() + 1, parts.end());
  return page;
}

std::string NextToken(std::string_view filter, const std::vector<std::string>& key) {
  std::string text = Fingerprint(filter);
  for (const auto& part : key) text += '\x1f' + part;
  return ToBase64Url(text);
}

}  // namespace karez::rpc
