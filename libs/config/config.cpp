#include "libs/config/config.h"

#include <charconv>
#include <fstream>
#include <string_view>
#include <unistd.h>

extern char** environ;  // POSIX leaves the declaration to the program

namespace karez::config {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;

std::optional<std::int64_t> ParseInteger(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// The host may be a name, an IPv4 address or an IPv6 address in brackets.
bool IsAddress(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const auto port = ParseInteger(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) return false;
  const std::string host = text.substr(0, colon);
  if (host.front() == '[') return host.size() > 2 && host.back() == ']';
  return host.find_first_of(": /[]") == std::string::npos;
}

std::string DescribeRange(Range range) {
  const bool low = range.low != std::numeric_limits<std::int64_t>::min();
  const bool high = range.high != std::numeric_limits<std::int64_t>::max();
  if (low && high) {
    return " from " + std::to_string(range.low) + " to " + std::to_string(range.high);
  }
  if (low) return " of at least " + std::to_string(range.low);
  if (high) return " of at most " + std::to_string(range.high);
  return "";
}

}  // namespace

Environment ProcessEnvironment() {
  Environment all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

std::optional<std::string> Reader::Find(const char* name, const char* help,
                                        const std::optional<std::string>& fallback) {
  const auto found = environment_.find(name);
  // An empty value counts as absent: an unset variable in a shell or a manifest looks the same.
  const bool set = found != environment_.end() && !found->second.empty();
  const std::optional<std::string> value = set ? std::optional(found->second) : fallback;
  if (!value) bad_.Add(name, std::string("Must be set. ") + help);
  description_ += std::string(name) + "=" + value.value_or("") + "  # " + help + "\n";
  return value;
}

std::string Reader::Text(const char* name, const char* help, std::optional<std::string> fallback) {
  return Find(name, help, fallback).value_or("");
}

std::int64_t Reader::Integer(const char* name, const char* help,
                             std::optional<std::int64_t> fallback, Range range) {
  const auto text =
      Find(name, help, fallback ? std::optional(std::to_string(*fallback)) : std::nullopt);
  if (!text) return 0;
  const auto value = ParseInteger(*text);
  if (!value || *value < range.low || *value > range.high) {
    bad_.Add(name, "Must be a whole number" + DescribeRange(range) + ".");
    return 0;
  }
  return *value;
}

std::chrono::milliseconds Reader::Milliseconds(const char* name, const char* help,
                                               std::optional<std::int64_t> fallback_ms,
                                               Range range_ms) {
  return std::chrono::milliseconds(Integer(name, help, fallback_ms, range_ms));
}

bool Reader::Flag(const char* name, const char* help, bool fallback) {
  const auto text = Find(name, help, fallback ? "true" : "false");
  if (text == "true") return true;
  if (text != "false") bad_.Add(name, "Must be true or false.");
  return false;
}

std::string Reader::Address(const char* name, const char* help,
                            std::optional<std::string> fallback) {
  const auto text = Find(name, help, fallback);
  if (text && !IsAddress(*text)) bad_.Add(name, "Must be host:port, such as 127.0.0.1:8080.");
  return text.value_or("");
}

std::string Reader::SecretFile(const char* name, const char* help,
                               std::optional<std::string> fallback) {
  const auto path = Find(name, help, fallback);
  if (path && !path->empty() && access(path->c_str(), R_OK) != 0) {
    bad_.Add(name, "Must be the path of a file that this process can read.");
  }
  return path.value_or("");
}

Result<void> Reader::Check() const { return bad_.Check(); }

std::string Reader::Describe() const { return description_; }

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content;
  char block[4096];
  while (content.size() <= kLargestFile && (file.read(block, sizeof block), file.gcount() > 0)) {
    content.append(block, static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad() || !file.eof() || !file.is_open()) {
    return Fail(Code::kNotFound, "FILE_UNREADABLE",
                "The file cannot be read, or is larger than 1 MiB: " + path);
  }
  if (content.ends_with('\n')) content.pop_back();
  if (content.ends_with('\r')) content.pop_back();
  return content;
}

}  // namespace karez::config
