// Path templates of google.api.http (`/v1/{name=shelves/*/books/**}:publish`) and request paths.
// Immutable values after parsing: safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/error.h"

namespace karez::gateway::transcode {

class PathTemplate {
 public:
  struct Segment {
    enum class Kind { kLiteral, kOne, kRest };
    Kind kind = Kind::kLiteral;
    std::string literal;
  };
  // A field bound by segments [first, last); `last` is npos where the variable ends in `**`.
  struct Variable {
    std::string field_path;
    std::size_t first = 0;
    std::size_t last = 0;
    bool multi = false;  // more than one segment, or `**`: keeps %2F encoded
  };

  // INVALID_ARGUMENT "BAD_PATH_TEMPLATE" says what is wrong with it.
  static Result<PathTemplate> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<Variable>& variables() const { return variables_; }
  // Without the colon; empty when the template has none.
  const std::string& verb() const { return verb_; }

 private:
  friend class TemplateParser;
  std::string text_;
  std::vector<Segment> segments_;
  std::vector<Variable> variables_;
  std::string verb_;
};

// A request path cut into segments, still percent-encoded; views into the text it was made from.
struct RequestPath {
  std::vector<std::string_view> segments;
  std::string_view verb;

  // Refuses (INVALID_ARGUMENT "BAD_PATH") a path that does not start with `/`, empty, `.` and `..`
  // segments, broken percent-encoding, and bytes that are not UTF-8 text.
  static Result<RequestPath> Parse(std::string_view path);
};

// Values of the variables in their order. The path must match the template's segments.
std::vector<std::string> BindVariables(const PathTemplate& path_template, const RequestPath& path);

// False on a `%` without two hexadecimal digits. With `keep_slash`, %2F stays as it is.
bool PercentDecode(std::string_view text, bool keep_slash, bool plus_is_space, std::string& out);

}  // namespace karez::gateway::transcode
