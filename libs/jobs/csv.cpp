#include <algorithm>
#include <set>

#include "libs/jobs/import.h"

namespace karez::jobs {
namespace {

tl::unexpected<Error> RefuseCsv(const std::string& what) { return FailField("csv", what); }

bool IsUtf8(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80           ? 1
                               : (lead >> 5) == 0x06 ? 2
                               : (lead >> 4) == 0x0e ? 3
                               : (lead >> 3) == 0x1e ? 4
                                                     : 0;
    if (length == 0 || i + length > text.size() || (length == 2 && lead < 0xc2)) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) >> 6) != 2) return false;
    }
    i += length;
  }
  return text.find('\0') == std::string::npos;
}

struct Line {
  int number = 0;
  std::vector<std::string> cells;
};

// RFC 4180. A quoted cell may hold commas, line breaks and doubled quotes.
Result<std::vector<Line>> SplitLines(std::string_view text) {
  std::vector<Line> lines;
  Line line{1, {}};
  std::string cell;
  bool quoted = false;
  bool was_quoted = false;
  int number = 1;
  const auto end_cell = [&] {
    line.cells.push_back(std::move(cell));
    cell.clear();
    was_quoted = false;
  };
  const auto end_line = [&] {
    end_cell();
    if (line.cells.size() > 1 || !line.cells[0].empty()) lines.push_back(std::move(line));
    line = {number + 1, {}};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        if (c == '\n') ++number;
        cell += c;
      }
    } else if (c == '"' && cell.empty() && !was_quoted) {
      quoted = was_quoted = true;
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n') {
      end_line();
      line.number = ++number;
    } else if (c != '\r' || (i + 1 < text.size() && text[i + 1] != '\n')) {
      cell += c;
    }
  }
  if (quoted) {
    return RefuseCsv("Line " + std::to_string(line.number) +
                     " opens a quote that is never closed.");
  }
  if (!cell.empty() || !line.cells.empty()) end_line();
  return lines;
}

std::string Trim(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

Result<void> CheckHeader(const std::vector<std::string>& columns,
                         const std::vector<std::string>& required,
                         const std::vector<std::string>& optional) {
  Violations bad;
  const std::set<std::string> present(columns.begin(), columns.end());
  for (const auto& name : required) {
    if (!present.contains(name)) bad.Add("csv", "Column " + name + " is missing in the header.");
  }
  for (const auto& name : present) {
    const bool known = std::count(required.begin(), required.end(), name) +
                           std::count(optional.begin(), optional.end(), name) >
                       0;
    if (!known) bad.Add("csv", "Column \"" + name + "\" is not known; see docs/api.md.");
    if (std::count(columns.begin(), columns.end(), name) > 1) {
      bad.Add("csv", "Column " + name + " stands twice in the header.");
    }
  }
  return bad.Check();
}

}  // namespace

const std::string& CsvRow::operator[](const std::string& column) const {
  static const std::string kEmpty;
  const auto found = cells_.find(column);
  return found == cells_.end() ? kEmpty : found->second;
}

Result<CsvFile> ParseCsv(const std::string& text, const std::vector<std::string>& required,
                         const std::vector<std::string>& optional) {
  if (!IsUtf8(text)) return RefuseCsv("The file is not UTF-8. Save it as \"CSV UTF-8\".");
  std::string_view content = text;
  if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
  ASSIGN_OR_RETURN(const auto lines, SplitLines(content));
  if (lines.empty()) return RefuseCsv("The file is empty; it needs a header line.");
  CsvFile file;
  for (const auto& name : lines[0].cells) file.columns.push_back(Trim(name));
  RETURN_IF_ERROR(CheckHeader(file.columns, required, optional));
  Violations bad;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].cells.size() != file.columns.size()) {
      bad.Add("csv", "Line " + std::to_string(lines[i].number) + " has " +
                         std::to_string(lines[i].cells.size()) + " cells, the header has " +
                         std::to_string(file.columns.size()) + ".");
      continue;
    }
    std::map<std::string, std::string> cells;
    for (std::size_t k = 0; k < file.columns.size(); ++k) {
      cells[file.columns[k]] = Trim(lines[i].cells[k]);
    }
    file.rows.emplace_back(lines[i].number, CsvRow(std::move(cells)));
  }
  RETURN_IF_ERROR(bad.Check());
  return file;
}

}  // namespace karez::jobs
