#include "services/gateway/transcode/path_template.h"

#include <algorithm>
#include <cctype>

#include "services/gateway/transcode/utf8.h"

namespace karez::gateway::transcode {
namespace {

constexpr std::size_t kNpos = std::string::npos;
constexpr std::size_t kSegmentsMax = 32;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsLiteralChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ||
         c == '~' || c == '%';
}

}  // namespace

// Recursive descent over the grammar in google/api/http.proto.
class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  Result<PathTemplate> Run() {
    result_.text_ = std::string(text_);
    if (!Take('/')) return Bad("must start with /");
    do {
      if (const char* problem = Part()) return Bad(problem);
    } while (Take('/'));
    if (Take(':')) {
      result_.verb_ = Literal();
      if (result_.verb_.empty()) return Bad("an empty verb");
    }
    if (at_ != text_.size()) return Bad("an unexpected character");
    if (const char* problem = CheckRest()) return Bad(problem);
    return std::move(result_);
  }

 private:
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string Literal() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsLiteralChar(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  const char* Part() { return Take('{') ? Variable() : Segment(); }

  const char* Segment() {
    PathTemplate::Segment segment;
    if (Take('*')) {
      segment.kind =
          Take('*') ? PathTemplate::Segment::Kind::kRest : PathTemplate::Segment::Kind::kOne;
    } else {
      segment.literal = Literal();
      if (segment.literal.empty()) return "an empty segment";
    }
    result_.segments_.push_back(std::move(segment));
    return nullptr;
  }

  const char* Variable() {
    PathTemplate::Variable variable;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '=' && text_[at_] != '}') ++at_;
    variable.field_path = std::string(text_.substr(begin, at_ - begin));
    if (variable.field_path.empty()) return "a variable without a field";
    variable.first = result_.segments_.size();
    if (Take('=')) {
      do {
        if (const char* problem = Segment()) return problem;
      } while (Take('/'));
    } else {
      result_.segments_.push_back({PathTemplate::Segment::Kind::kOne, {}});
    }
    if (!Take('}')) return "a variable that is not closed";
    variable.last = result_.segments_.size();
    variable.multi = variable.last - variable.first > 1;
    result_.variables_.push_back(std::move(variable));
    return nullptr;
  }

  // `**` takes the rest of the path, so only the last segment may be one.
  const char* CheckRest() {
    auto& segments = result_.segments_;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (segments[i].kind != PathTemplate::Segment::Kind::kRest) continue;
      if (i + 1 != segments.size()) return "** before the last segment";
      for (auto& variable : result_.variables_) {
        if (variable.last == segments.size()) {
          variable.last = kNpos;
          variable.multi = true;
        }
      }
    }
    return nullptr;
  }

  tl::unexpected<Error> Bad(const char* problem) const {
    return Fail(Code::kInvalidArgument, "BAD_PATH_TEMPLATE",
                "Path template " + std::string(text_) + ": " + problem + ".");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  PathTemplate result_;
};

Result<PathTemplate> PathTemplate::Parse(std::string_view text) {
  return TemplateParser(text).Run();
}

bool PercentDecode(std::string_view text, bool keep_slash, bool plus_is_space, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
      continue;
    }
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return false;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    const char c = static_cast<char>(high * 16 + low);
    if (keep_slash && c == '/') {
      out += "%2F";
    } else {
      out += c;
    }
    i += 2;
  }
  return true;
}

Result<RequestPath> RequestPath::Parse(std::string_view path) {
  const auto bad = [](const char* message) {
    return Fail(Code::kInvalidArgument, "BAD_PATH", message);
  };
  if (path.empty() || path[0] != '/') return bad("The path must start with /.");
  RequestPath result;
  std::string decoded;
  std::size_t begin = 1;
  while (true) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    decoded.clear();
    if (!PercentDecode(segment, false, false, decoded) || !IsText(decoded)) {
      return bad("The path must be percent-encoded UTF-8 text.");
    }
    if (decoded.empty() || decoded == "." || decoded == "..") {
      return bad("The path must not hold empty, `.` or `..` segments.");
    }
    if (result.segments.size() == kSegmentsMax) return bad("The path has too many segments.");
    result.segments.push_back(segment);
    if (end == path.size()) break;
    begin = end + 1;
  }
  // A colon that is data is sent as %3A, so a plain one in the last segment always names a verb.
  std::string_view& last = result.segments.back();
  if (const std::size_t colon = last.rfind(':'); colon != kNpos) {
    result.verb = last.substr(colon + 1);
    last = last.substr(0, colon);
    if (last.empty() || result.verb.empty()) return bad("The path has an empty verb or segment.");
  }
  return result;
}

std::vector<std::string> BindVariables(const PathTemplate& path_template, const RequestPath& path) {
  std::vector<std::string> values;
  values.reserve(path_template.variables().size());
  for (const auto& variable : path_template.variables()) {
    std::string value;
    const std::size_t last = std::min(variable.last, path.segments.size());
    for (std::size_t i = variable.first; i < last; ++i) {
      if (i > variable.first) value += '/';
      PercentDecode(path.segments[i], variable.multi, false, value);
    }
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace karez::gateway::transcode
